"""The daily registers, and what is wrong with them."""

import dataclasses
import datetime as dt
from typing import Any

from sandbox import moments, register
from sandbox.admin.desk import Desk, Refused, read_object
from sandbox.http_server import Request, Response


def _both(desk: Desk, request: Request) -> dict[str, str]:
    """Both files of a `shop` and a `date`, today's unless one is said.

    `columns` and `refund_columns` name what stands in them, in order: "amount,id".
    """
    return {"payments": _payments(desk, request), "refunds": _refunds(desk, request)}


def _payments_csv(desk: Desk, request: Request) -> Response:
    return _file(_payments(desk, request))


def _refunds_csv(desk: Desk, request: Request) -> Response:
    return _file(_refunds(desk, request))


def _payments(desk: Desk, request: Request) -> str:
    columns = _columns(request, "columns", register.PAYMENT_COLUMNS)
    with desk.gateway.session() as session:
        day = _day(request, session.now)
        return register.payments_file(session, _shop(desk, request.query.get("shop")), day, columns=columns)


def _refunds(desk: Desk, request: Request) -> str:
    columns = _columns(request, "refund_columns", register.REFUND_COLUMNS)
    with desk.gateway.session() as session:
        day = _day(request, session.now)
        return register.refunds_file(session, _shop(desk, request.query.get("shop")), day, columns=columns)


def _distort(desk: Desk, request: Request) -> dict[str, Any]:
    """Say what is wrong with the registers of a `shop`; see `Distortions`."""
    changes = read_object(request)
    shop_id = _shop(desk, changes.pop("shop", None))
    with desk.gateway.session() as session:
        return dataclasses.asdict(register.distort(session, shop_id, changes))


def _straighten(desk: Desk, request: Request) -> dict[str, Any]:
    with desk.gateway.session() as session:
        for shop_id in desk.chosen_shops(request.query.get("shop")):
            register.straighten(session, shop_id)
    return {}


def _shop(desk: Desk, shop_id: str | None) -> str:
    """The shop that is named, or the first."""
    return desk.chosen_shops(shop_id)[0]


def _day(request: Request, now: int) -> dt.date:
    try:
        return dt.date.fromisoformat(request.query["date"]) if "date" in request.query else moments.moscow_day(now)
    except ValueError:
        raise Refused(400, "date is a day as 2026-11-20") from None


def _columns(request: Request, parameter: str, known: dict[str, str]) -> list[str]:
    chosen = request.query[parameter].split(",") if parameter in request.query else list(known)
    if not set(chosen) <= set(known):
        raise Refused(400, f"{parameter} are of {', '.join(known)}")
    return chosen


def _file(text: str) -> Response:
    return Response(text.encode(), content_type="text/csv; charset=utf-8")


CALLS = (
    ("GET", "register", _both),
    ("GET", "register/payments.csv", _payments_csv),
    ("GET", "register/refunds.csv", _refunds_csv),
    ("POST", "register", _distort),
    ("DELETE", "register", _straighten),
)
