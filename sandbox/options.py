"""The command line of the sandbox: every default is good enough to begin with."""

import argparse
import dataclasses
from pathlib import Path

from sandbox import faults, notifications
from sandbox.gateway import Shop

USUAL_SHOP = Shop(id="100500", secret_key="test_sandbox", name="Тестовый магазин")  # noqa: S106 - the key of nothing
USUAL_DATA = Path(__file__).resolve().parent.parent / "var" / "sandbox"


def read_options(arguments: list[str] | None) -> argparse.Namespace:
    """Read the arguments; ends the program with code 2 when they make no sense."""
    parser = _parser()
    options = parser.parse_args(arguments)
    options.shop = options.shop or [USUAL_SHOP]
    known = {shop.id for shop in options.shop}
    for shop_id in (*options.utilities, *(shop_id for shop_id, _ in (*options.notify, *options.callback_key))):
        if shop_id not in known:
            parser.error(f"there is no shop {shop_id}")
    options.shop = [dataclasses.replace(shop, is_utilities=shop.id in options.utilities) for shop in options.shop]
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A payment gateway that moves no money.")
    parser.add_argument("--port", type=int, default=8090, help="of the API and the pages; 0 takes a free one")
    parser.add_argument("--admin-port", type=int, default=8091, help="of the admin calls; 0 takes a free one")
    parser.add_argument("--data", type=Path, default=USUAL_DATA, metavar="DIR", help="where the store is kept")
    parser.add_argument(
        "--shop",
        type=_shop,
        action="append",
        default=[],
        metavar="ID:KEY[:NAME]",
        help=f"may be repeated; {USUAL_SHOP.id}:{USUAL_SHOP.secret_key} if there is none",
    )
    parser.add_argument(
        "--utilities", action="append", default=[], metavar="ID", help="a shop that has to send a payment order"
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
