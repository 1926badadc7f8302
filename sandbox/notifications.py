"""Telling a shop what happened: a table that is filled in the transaction of the change, and a courier that empties it.

Anything but the answer 200 is tried again along the call's `repeats`. How well the post works is set per shop by
`Knobs`.
"""

import dataclasses
import http.client
import json
import queue
import sqlite3
import threading
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.moments import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from sandbox.gateway import Gateway, Session

# The real schedule is not published beyond "for 24 hours".
REPEATS = (
    10 * SECOND, 1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 1 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR,
)  # fmt: skip

_ANSWER_TIMEOUT_S = 10
_SENDERS = 8
_SHUFFLE_MS = 3000


class WrongKnob(Exception):
    """A knob that does not exist, or a value that it cannot have."""


@dataclass(frozen=True)
class Knobs:
    """How notifications reach one shop.

    url             where to; empty: nobody listens
    enabled         False: what happens meanwhile is never told, also not later
    copies          how often each one is sent
    shuffle         each waits up to three seconds more, so that they arrive in a mixed order
    delay_ms        each waits for a time between these two
    drop_rate       the share of them that is lost for ever, 0 to 1
    stale           the body shows the object as it was before the change
    forged          with each goes another, of the right shape, about a payment that does not exist
    before_return   the shop hears of a payment before the payer's browser is sent back to it
    source_address  sent as X-Forwarded-For, for a shop that checks where calls come from; empty: no such header
    """

    url: str = ""
    enabled: bool = True
    copies: int = 1
    shuffle: bool = False
    delay_ms: tuple[int, int] = (0, 0)
    drop_rate: float = 0.0
    stale: bool = False
    forged: bool = False
    before_return: bool = False
    source_address: str = ""

    def turned(self, changes: dict[str, Any]) -> "Knobs":
        """These knobs with some of them changed. Raises WrongKnob."""
        kept = dataclasses.asdict(self)
        for name, given in changes.items():
            if name not in kept:
                raise WrongKnob(f"there is no knob {name!r}")
            kind = type(kept[name])
            # JSON knows no tuples, and writes 0.0 as 0.
            value = kind(given) if (type(given), kind) in ((int, float), (list, tuple)) else given
            if type(value) is not kind:
                raise WrongKnob(f"{name} cannot be {given!r}")
            kept[name] = value
        knobs = Knobs(**kept)
        if not 0 <= knobs.drop_rate <= 1 or not 1 <= knobs.copies <= 10_000:
            raise WrongKnob("drop_rate is from 0 to 1, copies from 1 to 10000")
        if len(knobs.delay_ms) != 2 or not all(type(end) is int for end in knobs.delay_ms):
            raise WrongKnob("delay_ms is two whole numbers")
        if not 0 <= knobs.delay_ms[0] <= knobs.delay_ms[1]:
            raise WrongKnob("delay_ms is from the shorter to the longer")
        if knobs.url and urllib.parse.urlsplit(knobs.url).scheme not in ("http", "https"):
            raise WrongKnob("url begins with http:// or https://")
        return knobs


def knobs_of(gateway: "Gateway", db: sqlite3.Connection, shop_id: str) -> Knobs:
    return Knobs().turned(gateway.store.setting(db, f"knobs:{shop_id}", {}))


def turn_knobs(gateway: "Gateway", db: sqlite3.Connection, shop_id: str, changes: dict[str, Any]) -> Knobs:
    """Change some of a shop's knobs and keep them over a restart. Raises WrongKnob."""
    knobs = knobs_of(gateway, db, shop_id).turned(changes)
    gateway.store.keep_setting(db, f"knobs:{shop_id}", dataclasses.asdict(knobs))
    return knobs


@dataclass(frozen=True)
class Call:
    """What a protocol says to a shop about one change.

    body           JSON or a form; for GET the query that is added to the address
    stale, forged  the bodies that go out instead and besides, when the knobs say so
    url            where to; empty: to the address of the shop's knobs
    repeats        the pauses after which it is tried again, in milliseconds
    """

    event: str
    object_id: str
    body: str
    stale: str
    forged: str
    verb: str = "POST"
    url: str = ""
    content_type: str = "application/json; charset=utf-8"
    repeats: tuple[int, ...] = REPEATS


def enqueue(session: "Session", shop_id: str, call: Call) -> None:
    """Write down what the shop is to hear, in the transaction in which it happened."""
    knobs = knobs_of(session.gateway, session.db, shop_id)
    bodies = [call.stale if knobs.stale else call.body] * knobs.copies + [call.forged] * knobs.forged
    for body in bodies:
        _enqueue_one(session, shop_id, knobs, dataclasses.replace(call, body=body))


def _enqueue_one(session: "Session", shop_id: str, knobs: Knobs, call: Call) -> None:
    (number,) = session.db.execute("SELECT coalesce(max(id), 0) + 1 FROM notifications").fetchone()
    chance = session.chance
    if not (knobs.enabled and (call.url or knobs.url)):
        fate = "switched_off"
    elif chance.happens(knobs.drop_rate, "drop", number):
        fate = "dropped"
    else:
        fate = "waiting"
    due_at = session.now + session.head_start_ms + chance.between(*knobs.delay_ms, "delay", number)
    if knobs.shuffle:
        due_at += chance.between(0, _SHUFFLE_MS, "shuffle", number)
    session.db.execute(
        "INSERT INTO notifications"
        " (id, shop_id, event, object_id, verb, url, content_type, body, repeats, fate, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, shop_id, call.event, call.object_id, call.verb, call.url, call.content_type, call.body,
            json.dumps(call.repeats), fate, session.now, due_at,
        ),
    )  # fmt: skip


class Courier:
    """The thread that sends what is due, expires what has run out, and sleeps until the next of either."""

    def __init__(self, gateway: "Gateway") -> None:
        self._gateway = gateway
        self._to_send: queue.SimpleQueue[sqlite3.Row] = queue.SimpleQueue()
        self._in_flight: set[int] = set()
        self._settled = threading.Condition()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        self._thread.start()
        for _ in range(_SENDERS):
            # Daemons, so that a shop that does not answer cannot hold up the end of the process.
            threading.Thread(target=self._send_on, name="notification", daemon=True).start()

    def stop(self) -> None:
        """Begin no more sending; what was being sent and gets no answer is sent again after the next start."""
        self._is_stopping = True
        self._gateway.news.set()
        self._thread.join()

    def deliver_due(self) -> None:
        """Send all that is due now and wait for the answers."""
        self._send_due()
        with self._settled:
            awaited = set(self._in_flight)
            self._settled.wait_for(lambda: not awaited & self._in_flight)

    def forget(self) -> None:
        """Send nothing of what waits; return when what is being sent has its answer."""
        with self._gateway.session() as session:
            session.db.execute("DELETE FROM notifications")
        with self._settled:
            self._settled.wait_for(lambda: not self._in_flight)

    def _run(self) -> None:
        while not self._is_stopping:
            self._gateway.news.clear()
            self._send_due()
            self._gateway.news.wait(self._pause_s())

    def _send_due(self) -> None:
        with self._settled:
            for row in self._claim_due():
                self._in_flight.add(row["id"])
                self._to_send.put(row)

    def _send_on(self) -> None:
        while not self._is_stopping:
            row = self._to_send.get()
            try:
                self._send(row)
            finally:
                with self._settled:
                    self._in_flight.discard(row["id"])
                    self._settled.notify_all()

    def _claim_due(self) -> list[sqlite3.Row]:
        """Count the attempt and set the moment of the next one first, so that a kill means once more, never never."""
        with self._gateway.session() as session:
            rows = session.db.execute(
                "SELECT * FROM notifications WHERE fate = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT 1000",
                (session.now,),
            ).fetchall()
            rows = [row for row in rows if row["id"] not in self._in_flight]
            for row in rows:
                repeats = json.loads(row["repeats"])
                is_last = row["attempts"] >= len(repeats)
                session.db.execute(
                    "UPDATE notifications SET attempts = attempts + 1, due_at = ?, fate = ? WHERE id = ?",
                    (
                        session.now + (0 if is_last else repeats[row["attempts"]]),
                        "given_up" if is_last else "waiting",
                        row["id"],
                    ),
                )
        return rows

    def _send(self, row: sqlite3.Row) -> None:
        with self._gateway.session() as session:
            knobs = knobs_of(self._gateway, session.db, row["shop_id"])
        try:
            answer = str(_call(row, row["url"] or knobs.url, source_address=knobs.source_address))
        except (OSError, http.client.HTTPException) as error:
            answer = f"{type(error).__name__}: {error}"
        if self._is_stopping:
            return
        with self._gateway.session() as session:
            session.db.execute("UPDATE notifications SET last_answer = ? WHERE id = ?", (answer, row["id"]))
            if answer == "200":
                session.db.execute("UPDATE notifications SET fate = 'delivered' WHERE id = ?", (row["id"],))

    def _pause_s(self) -> float:
        with self._gateway.session() as session:
            (next_at,) = session.db.execute(
                "SELECT min(moment) FROM (SELECT min(due_at) AS moment FROM notifications WHERE fate = 'waiting'"
                " UNION ALL SELECT min(deadline_at) FROM payments WHERE deadline_at IS NOT NULL)"
            ).fetchone()
        pause_s = 60 if next_at is None else (next_at - session.now) / SECOND
        # A minute at most, because the machine's clock may be put right; a blink at least, because what is due may be
        # in flight.
        return min(max(pause_s, 0.05), 60)


def _call(row: sqlite3.Row, url: str, *, source_address: str) -> int:
    """Send a notification and give the status of the answer. Raises OSError, HTTPException."""
    parts = urllib.parse.urlsplit(url)
    connection_class = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    headers = {"User-Agent": "sandbox-gateway"}
    if source_address:
        headers["X-Forwarded-For"] = source_address
    query, body = parts.query, None
    if row["verb"] == "GET":
        query = "&".join(filter(None, (query, row["body"])))
    else:
        headers["Content-Type"] = row["content_type"]
        body = row["body"].encode()
    connection = connection_class(parts.hostname or "", parts.port, timeout=_ANSWER_TIMEOUT_S)
    try:
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", query, ""))
        connection.request(row["verb"], target, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
