"""The notifications of every shop, and the knobs of their post."""

import dataclasses
from typing import Any

from sandbox import moments, notifications
from sandbox.admin.desk import Desk, read_object
from sandbox.gateway import Session
from sandbox.http_server import Request


def _all(desk: Desk, request: Request) -> dict[str, Any]:
    """The knobs of every shop, and all notifications with what became of them."""
    with desk.gateway.session() as session:
        found = session.db.execute("SELECT * FROM notifications ORDER BY id").fetchall()
        return {
            "knobs": {shop_id: _knobs(desk, session, shop_id) for shop_id in desk.gateway.shops},
            "notifications": [
                {
                    **dict(row),
                    "created_at": moments.to_iso(row["created_at"]),
                    "due_at": moments.to_iso(row["due_at"]),
                }
                for row in found
            ],
        }


def _turn_knobs(desk: Desk, request: Request) -> dict[str, Any]:
    """Change the knobs of one `shop`, or of all when none is named."""
    changes = read_object(request)
    shop_ids = desk.chosen_shops(changes.pop("shop", None))
    with desk.gateway.session() as session:
        for shop_id in shop_ids:
            notifications.turn_knobs(desk.gateway, session.db, shop_id, changes)
        return {"knobs": {shop_id: _knobs(desk, session, shop_id) for shop_id in shop_ids}}


def _send(desk: Desk, request: Request) -> dict[str, Any]:
    """Send what is due now, wait for the answers, and say how many notifications have which fate."""
    desk.courier.deliver_due()
    with desk.gateway.session() as session:
        found = session.db.execute("SELECT fate, count(*) AS total FROM notifications GROUP BY fate").fetchall()
        return {row["fate"]: row["total"] for row in found}


def _knobs(desk: Desk, session: Session, shop_id: str) -> dict[str, Any]:
    return dataclasses.asdict(notifications.knobs_of(desk.gateway, session.db, shop_id))


CALLS = (
    ("GET", "notifications", _all),
    ("POST", "notifications", _turn_knobs),
    ("POST", "notifications/send", _send),
)
