"""`python -m sandbox`: start the gateway and its admin port, say where they are, run until told to stop."""

import argparse
import contextlib
import ctypes
import os
import signal
import sys
import threading
from pathlib import Path

from sandbox import faults, notifications
from sandbox.admin import Admin
from sandbox.faults import Faults
from sandbox.gateway import Gateway, Shop
from sandbox.http_server import App, Request, Response, Server
from sandbox.notifications import Courier
from sandbox.page.views import Page
from sandbox.sberbank import api as sberbank
from sandbox.sberbank.callbacks import Callbacks
from sandbox.sbp import announcements as sbp_announcements
from sandbox.sbp import api as sbp
from sandbox.store import Store, StoreBusy, StoreOfOtherVersion
from sandbox.yookassa import announcements as yookassa_announcements
from sandbox.yookassa import api as yookassa

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _die_with_parent()
    try:
        store = Store(options.data / "sandbox.sqlite3")
    except StoreBusy:
        print(f"sandbox: another sandbox is running on {options.data}", file=sys.stderr)
        return 1
    except StoreOfOtherVersion:
        print(f"sandbox: {options.data} was written by another version; give another --data", file=sys.stderr)
        return 1
    with contextlib.closing(store):
        return _run(store, options, stop)


def _run(store: Store, options: argparse.Namespace, stop: threading.Event) -> int:
    try:
        public = Server(options.port, is_quiet=options.quiet)
        private = Server(options.admin_port, is_quiet=options.quiet)
    except OSError as error:
        print(f"sandbox: cannot listen on a port: {error}", file=sys.stderr)
        return 1

    gateway = Gateway(
        store,
        shops=options.shop,
        public_url=(options.public_url or public.url).rstrip("/"),
        announcers={
            "yookassa": yookassa_announcements.announce,
            sberbank.PROTOCOL: Callbacks(dict(options.callback_key)).announce,
            sbp.PROTOCOL: sbp_announcements.announce,
        },
        seed=options.seed,
    )
    courier, rules = Courier(gateway), Faults(options.rules)
    page, admin = Page(gateway, courier), Admin(gateway, courier, rules)
    sberbank_api = sberbank.Api(gateway)
    apis: dict[str, App] = {
        yookassa.PREFIX: yookassa.Api(gateway).answer,
        **dict.fromkeys(sberbank.PREFIXES, sberbank_api.answer),
        sbp.PREFIX: sbp.Api(gateway).answer,
    }

    def answer(request: Request) -> Response:
        called = (api for prefix, api in apis.items() if request.path.startswith(f"{prefix}/"))
        return next(called, page.answer)(request)

    with store.transaction() as db:
        for shop_id, url in options.notify:
            notifications.turn_knobs(gateway, db, shop_id, {"url": url})

    courier.start()
    public.start(rules.wrap(answer))
    private.start(admin.answer)
    print(f"sandbox: API {public.url}{yookassa.PREFIX}", flush=True)
    print(f"sandbox: admin {private.url}/sandbox", flush=True)
    print(f"sandbox: seed {gateway.chance.seed}", flush=True)

    stop.wait()
    for server in (public, private):
        server.stop()
    courier.stop()
    return 0


def _die_with_parent() -> None:
    """End with the process that SANDBOX_PARENT names, even when it is killed and can tell nobody."""
    parent = os.environ.get("SANDBOX_PARENT")
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it was gone before the line above
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A payment gateway that moves no money.")
    parser.add_argument("--port", type=int, default=8090, help="of the API and the pages; 0 takes a free one")
    parser.add_argument("--admin-port", type=int, default=8091, help="of the admin calls; 0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="where the store is kept")
    parser.add_argument(
        "--shop", type=_shop, action="append", required=True, metavar="ID:KEY[:NAME]", help="may be repeated"
    )
    parser.add_argument(
        "--notify", type=_notify, action="append", default=[], metavar="ID=URL", help="where a shop listens"
    )
    parser.add_argument(
        "--callback-key",
        type=_callback_key,
        action="append",
        default=[],
        metavar="ID=KEY",
        help="signs a shop's callbacks in the older dialect of Sberbank",
    )
    parser.add_argument("--public-url", metavar="URL", help="what the addresses of pages begin with")
    parser.add_argument("--rules", type=_rules, default=[], metavar="FILE", help="fault rules, a JSON list")
    parser.add_argument("--seed", type=int, help="makes ids and delays repeatable")
    parser.add_argument("--quiet", action="store_true", help="do not log requests")
    return parser


def _shop(text: str) -> Shop:
    shop_id, _, rest = text.partition(":")
    secret_key, _, name = rest.partition(":")
    if not (shop_id.isascii() and shop_id.isdigit()) or not secret_key:
        raise argparse.ArgumentTypeError("a shop is ID:KEY or ID:KEY:NAME, its id a number")
    return Shop(id=shop_id, secret_key=secret_key, name=name or f"Магазин {shop_id}")


def _notify(text: str) -> tuple[str, str]:
    shop_id, _, url = text.partition("=")
    try:
        notifications.Knobs().turned({"url": url})
    except notifications.WrongKnob as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return shop_id, url


def _callback_key(text: str) -> tuple[str, str]:
    shop_id, _, key = text.partition("=")
    if not shop_id or not key:
        raise argparse.ArgumentTypeError("a callback key is ID=KEY")
    return shop_id, key


def _rules(path: str) -> list[faults.Rule]:
    try:
        return faults.read_rules(Path(path))
    except (OSError, faults.WrongRule) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


if __name__ == "__main__":
    sys.exit(main())
