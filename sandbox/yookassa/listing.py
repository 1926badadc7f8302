"""Lists: filters, pages and cursors, the same for payments, refunds and receipts; the newest comes first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import moments
from sandbox.gateway import Session, Shop
from sandbox.yookassa.errors import invalid

LARGEST_PAGE = 100
USUAL_PAGE = 10

_SIGNS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}


@dataclass(frozen=True)
class Listed:
    """What can be listed, and by which filters.

    fixed     what is true of all of them besides the shop, as SQL
    statuses  the words that `status` may be
    moments   columns that are filtered as `created_at.gte`
    texts     filter → column that equals it
    """

    table: str
    fixed: str
    read: Callable[[Any], Any]
    shown: Callable[[Session, Any], dict[str, Any]]
    statuses: tuple[str, ...]
    moments: tuple[str, ...]
    texts: dict[str, str]


def page(session: Session, shop: Shop, listed: Listed, query: dict[str, str]) -> dict[str, Any]:
    """Answer a GET of a list."""
    conditions, values = _filters(listed, query)
    limit = _limit(query)
    if "cursor" in query:
        conditions.append("(created_at, number) < (?, ?)")
        values += _place(session, shop, listed, query["cursor"])
    found = session.db.execute(
        f"SELECT * FROM {listed.table} WHERE {' AND '.join([listed.fixed, 'shop_id = ?', *conditions])}"  # noqa: S608 - our own words
        " ORDER BY created_at DESC, number DESC LIMIT ?",
        [shop.id, *values, limit + 1],
    ).fetchall()
    items = [listed.shown(session, listed.read(row)) for row in found[:limit]]
    answer: dict[str, Any] = {"type": "list", "items": items}
    if len(found) > limit:
        answer["next_cursor"] = items[-1]["id"]
    return answer


def _filters(listed: Listed, query: dict[str, str]) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for column in listed.moments:
        for edge, sign in _SIGNS.items():
            if (parameter := f"{column}.{edge}") in query:
                conditions.append(f"{column} {sign} ?")
                values.append(_read_moment(query[parameter], parameter))
    if "status" in query:
        if query["status"] not in listed.statuses:
            raise invalid("status", "Unknown status")
        conditions.append("status = ?")
        values.append(query["status"])
    for parameter, column in listed.texts.items():
        if parameter in query:
            conditions.append(f"{column} = ?")
            values.append(query[parameter])
    return conditions, values


def _limit(query: dict[str, str]) -> int:
    limit = query.get("limit", str(USUAL_PAGE))
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= LARGEST_PAGE):
        raise invalid("limit", f"Limit must be from 1 to {LARGEST_PAGE}")
    return int(limit)


def _place(session: Session, shop: Shop, listed: Listed, cursor: str) -> list[int]:
    last = session.db.execute(
        f"SELECT created_at, number FROM {listed.table} WHERE id = ? AND shop_id = ?",  # noqa: S608 - our own word
        (cursor, shop.id),
    ).fetchone()
    if last is None:
        raise invalid("cursor", "Cursor is not known")
    return [last["created_at"], last["number"]]


def _read_moment(text: str, parameter: str) -> int:
    try:
        # A plus sign that was not quoted arrives as a space.
        return moments.from_iso(text.replace(" ", "+"))
    except ValueError:
        raise invalid(parameter, "Moment must be in ISO 8601") from None
