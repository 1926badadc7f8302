"""`python -m sandbox`: start the gateway and its admin port, say where they are, run until told to stop."""

import argparse
import contextlib
import ctypes
import os
import signal
import sys
import threading

from sandbox.admin import Admin
from sandbox.faults import Faults
from sandbox.gateway import Gateway
from sandbox.http_server import App, Request, Response, Server
from sandbox.notifications import Courier
from sandbox.options import read_options
from sandbox.page.views import Page
from sandbox.sberbank import api as sberbank
from sandbox.sberbank.bindings import PROTOCOL as SBERBANK
from sandbox.sberbank.callbacks import Callbacks
from sandbox.sbp import announcements as sbp_announcements
from sandbox.sbp import api as sbp
from sandbox.store import Store, StoreBusy, StoreOfOtherVersion
from sandbox.yookassa import announcements as yookassa_announcements
from sandbox.yookassa import api as yookassa

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str] | None = None) -> int:
    options = read_options(arguments)
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
            SBERBANK: Callbacks(dict(options.callback_key)).announce,
            sbp.PROTOCOL: sbp_announcements.announce,
        },
        notify=dict(options.notify),
        seed=options.seed,
    )
    courier, rules = Courier(gateway), Faults(options.rules, gateway.chance)
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

    courier.start()
    public.start(rules.wrap(answer), now=gateway.clock.now)
    private.start(admin.answer)
    print(f"sandbox: API {public.url}{yookassa.PREFIX}", flush=True)
    print(f"sandbox: admin {private.url}/sandbox", flush=True)
    print(f"sandbox: seed {gateway.chance.seed}", flush=True)
    if not options.quiet:
        _greet(options, f"{public.url}{yookassa.PREFIX}")

    stop.wait()
    for server in (public, private):
        server.stop()
    courier.stop()
    return 0


def _greet(options: argparse.Namespace, api_url: str) -> None:
    """Say what to do with it."""
    shop = options.shop[0]
    print(
        f"""
The sandbox gateway answers, and moves no money; it keeps what it knows in {options.data}. Point an SDK at it:

    Configuration.configure("{shop.id}", "{shop.secret_key}", api_url="{api_url}")

Knobs, faults, registers and a worked example: sandbox/README.md. Ctrl+C ends it.
""",
        flush=True,
    )


def _die_with_parent() -> None:
    """End with the process that SANDBOX_PARENT names, even when it is killed and can tell nobody."""
    parent = os.environ.get("SANDBOX_PARENT")
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it was gone before the line above
        sys.exit(1)


if __name__ == "__main__":
    sys.exit(main())
