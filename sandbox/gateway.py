"""What all doors of the sandbox share: the store, the clock, the shops, and the session in which anything happens."""

import contextlib
import hashlib
import hmac
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import consequences, notifications, payments, receipts
from sandbox.chance import Chance
from sandbox.moments import Clock
from sandbox.store import Store


@dataclass(frozen=True)
class Shop:
    """A shop of the gateway.

    is_utilities  it must say for every payment where the money of a household goes: `payment_order`
    """

    id: str
    secret_key: str
    name: str
    is_utilities: bool = False


# How a protocol tells a shop that a payment, a refund or a saved method has changed: (session, before, after) → calls.
Announcer = Callable[["Session", Any, Any], list[notifications.Call]]


@dataclass
class Session:
    """One transaction: the connection, the moment at which all of it happens, and what it owes the outside world."""

    db: sqlite3.Connection
    now: int
    gateway: "Gateway"
    head_start_ms: int
    has_news: bool = False

    @property
    def chance(self) -> Chance:
        return self.gateway.chance

    def announce(self, before: Any, after: Any) -> None:
        """Do what follows from a change; the shop hears of it after the commit."""
        self.has_news = True
        consequences.follow(self, before, after)


class Gateway:
    def __init__(
        self,
        store: Store,
        *,
        shops: list[Shop],
        public_url: str,
        announcers: Mapping[str, Announcer],
        notify: Mapping[str, str] | None = None,
        seed: int | None = None,
    ) -> None:
        """announcers  by protocol
        notify      shop → where it listens, from now on and after each reset
        seed        None: the one of the last start, or a new one that is kept
        """
        self.store = store
        self.shops = {shop.id: shop for shop in shops}
        self.public_url = public_url
        self.announcers = announcers
        self._notify = notify or {}
        self.news = threading.Event()
        with store.transaction() as db:
            if seed is None:
                seed = store.setting(db, "seed", secrets.randbelow(10**9))
            store.keep_setting(db, "seed", seed)
            self._page_secret = store.setting(db, "page_secret", secrets.token_hex(32))
            store.keep_setting(db, "page_secret", self._page_secret)
        self.chance = Chance(seed)
        self.clock = Clock(store)
        self._turn_first_knobs()

    def reset(self) -> None:
        """Begin anew: no payments, no knobs but those of the start, the machine's clock. The seed stays."""
        self.store.clear(kept_settings=("seed", "page_secret"))
        self.clock.reset()
        self._turn_first_knobs()

    def _turn_first_knobs(self) -> None:
        with self.store.transaction() as db:
            for shop_id, url in self._notify.items():
                notifications.turn_knobs(self, db, shop_id, {"url": url})

    @contextlib.contextmanager
    def session(self, *, head_start_ms: int = 0) -> Iterator[Session]:
        """Do something in one transaction; whatever has run out of time by now has done so before.

        head_start_ms  how long notifications of this session wait, so that a browser is back first
        """
        with self.store.transaction() as db:
            session = Session(db=db, now=self.clock.now(), gateway=self, head_start_ms=head_start_ms)
            payments.expire_due(session)
            receipts.end_due(session)
            yield session
        if session.has_news:
            self.news.set()

    def page_url(self, payment_id: str) -> str:
        """The address of the page on which a person pays."""
        return f"{self.public_url}/pay/{payment_id}"

    def binding_url(self, method_id: str) -> str:
        """The address of the page on which a person binds a card without paying."""
        return f"{self.public_url}/bind/{method_id}"

    def page_token(self, payment_id: str) -> str:
        """What a form of the payment's page must bring back; nobody who has not seen the page can know it."""
        return hmac.new(self._page_secret.encode(), payment_id.encode(), hashlib.sha256).hexdigest()
