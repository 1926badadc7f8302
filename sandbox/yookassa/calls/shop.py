"""What a shop may ask about itself, and about the banks of the fast payment system."""

from typing import Any

from sandbox import means, payments
from sandbox.gateway import Session, Shop


def _me(session: Session, shop: Shop, query: dict[str, str]) -> dict[str, Any]:
    return {
        "account_id": shop.id,
        "status": "enabled",
        "test": True,
        "name": shop.name,
        "payment_methods": list(payments.MOST_KOPECKS),
        "fiscalization": {"enabled": True, "provider": "avanpost"},
        "fiscalization_enabled": True,
    }


def _sbp_banks(session: Session, shop: Shop, query: dict[str, str]) -> dict[str, Any]:
    return {"type": "list", "items": list(means.SBP_BANKS)}


CALLS = (
    ("GET", "/me", _me),
    ("GET", "/sbp_banks", _sbp_banks),
)
