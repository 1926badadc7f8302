"""What the gateway holds: the other side of every invariant, as sums that the database makes."""

from typing import Any

from sandbox import moments, money
from sandbox.admin.desk import Desk
from sandbox.gateway import Session
from sandbox.http_server import Request

_STATUSES = ("pending", "waiting_for_capture", "succeeded", "canceled")
_SUMS = ("amount", "fee", "refunded", "charged_back")
_COUNTS = ("payments", "refunds", "chargebacks")

# A Moscow day is 24 hours since 21:00 UTC of the day before.
_FACTS = f"""
    SELECT shop_id, (at + {moments.MOSCOW_OFFSET}) / {moments.DAY} AS day,
        sum(payments) AS payments, sum(amount) AS amount, sum(fee) AS fee,
        sum(refunds) AS refunds, sum(refunded) AS refunded,
        sum(chargebacks) AS chargebacks, sum(charged_back) AS charged_back
    FROM (
        SELECT shop_id, captured_at AS at, 1 AS payments, amount_kopecks AS amount, fee_kopecks AS fee,
            0 AS refunds, 0 AS refunded, 0 AS chargebacks, 0 AS charged_back
        FROM payments WHERE captured_at IS NOT NULL
        UNION ALL
        SELECT shop_id, succeeded_at, 0, 0, 0, 1, amount_kopecks, 0, 0 FROM refunds WHERE succeeded_at IS NOT NULL
        UNION ALL
        SELECT shop_id, created_at, 0, 0, 0, 0, 0, 1, amount_kopecks FROM chargebacks
    )
    GROUP BY shop_id, day ORDER BY day
"""  # noqa: S608 - our own numbers

_INTENTS = """
    SELECT shop_id, coalesce(order_number, json_extract(request, '$.metadata.payment_id')) AS intent,
        count(*) AS objects,
        sum(iif(captured_at IS NULL, 0, amount_kopecks)) AS paid,
        sum(refunded_kopecks) AS refunded, sum(charged_back_kopecks) AS charged_back
    FROM payments
    GROUP BY shop_id, intent HAVING intent IS NOT NULL
"""


def _audit(desk: Desk, request: Request) -> dict[str, Any]:
    """Per shop: payments by status; by Moscow day and in total what was taken, refunded and charged back.

    `intents` says for each id of the shop's own (its order number, or `metadata.payment_id`) how many payments the
    gateway has and what they brought: more than one is a customer who may have paid twice.
    """
    with desk.gateway.session() as session:
        known = [row["shop_id"] for row in session.db.execute("SELECT DISTINCT shop_id FROM payments")]
        shops: dict[str, dict[str, Any]] = {
            shop_id: {"statuses": dict.fromkeys(_STATUSES, 0), "total": _nothing(), "days": {}, "intents": {}}
            for shop_id in dict.fromkeys([*desk.gateway.shops, *known])
        }
        _count_statuses(session, shops)
        for row in session.db.execute(_FACTS):
            of_shop = shops[row["shop_id"]]
            of_shop["days"][moments.day_of_number(row["day"]).isoformat()] = _shown(dict(row))
            for name in (*_COUNTS, *_SUMS):
                of_shop["total"][name] += row[name]
        for row in session.db.execute(_INTENTS):
            shops[row["shop_id"]]["intents"][row["intent"]] = {
                "objects": row["objects"],
                **{name: money.to_value(row[name]) for name in ("paid", "refunded", "charged_back")},
            }
    for of_shop in shops.values():
        of_shop["total"] = _shown(of_shop["total"])
    return {"shops": shops}


def _count_statuses(session: Session, shops: dict[str, dict[str, Any]]) -> None:
    for row in session.db.execute("SELECT shop_id, status, count(*) AS total FROM payments GROUP BY shop_id, status"):
        shops[row["shop_id"]]["statuses"][row["status"]] = row["total"]


def _nothing() -> dict[str, int]:
    return dict.fromkeys((*_COUNTS, *_SUMS), 0)


def _shown(sums: dict[str, int]) -> dict[str, Any]:
    return {
        **{name: sums[name] for name in _COUNTS},
        **{name: money.to_value(sums[name]) for name in _SUMS},
        "income": money.to_value(sums["amount"] - sums["fee"]),
    }


CALLS = (("GET", "audit", _audit),)
