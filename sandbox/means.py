"""What payers pay with: the two cards of the real test shop, the fast payment system; and who refuses what."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.payments import Payment

if TYPE_CHECKING:
    from sandbox.gateway import Session

CARD = "5555555555554444"
CARD_WITH_3D_SECURE = "5555555555554477"

SBP_BANKS = (
    {"bank_id": "100000000111", "name": "Сбербанк", "bic": "044525225"},
    {"bank_id": "100000000008", "name": "Альфа-Банк", "bic": "044525593"},
    {"bank_id": "100000000004", "name": "Т-Банк", "bic": "044525974"},
)
_SBP_BANK = {"bank_id": SBP_BANKS[0]["bank_id"], "bic": SBP_BANKS[0]["bic"]}

# Who refuses, by YooKassa's list of reasons; a word that is not here is taken to be the bank's.
PARTY_OF_REASON = {
    "insufficient_funds": "payment_network",
    "payment_method_limit_exceeded": "payment_network",
    "card_expired": "payment_network",
    "invalid_card_number": "payment_network",
    "invalid_csc": "payment_network",
    "3d_secure_failed": "payment_network",
    "call_issuer": "payment_network",
    "fraud_suspected": "yoo_money",
    "payment_method_restricted": "payment_network",
    "country_forbidden": "yoo_money",
    "identification_required": "yoo_money",
    "expired_on_confirmation": "yoo_money",
    "issuer_unavailable": "payment_network",
    "internal_timeout": "yoo_money",
    "general_decline": "payment_network",
    "permission_revoked": "yoo_money",
    "deal_expired": "yoo_money",
    "unsupported_mobile_operator": "yoo_money",
}
PARTY_OF_REFUND_REASON = {
    "insufficient_funds": "merchant",
    "rejected_by_payee": "payee",
    "rejected_by_timeout": "yoo_money",
    "yoo_money_account_closed": "yoo_money",
    "general_decline": "yoo_money",
}


@dataclass(frozen=True)
class Card:
    """A card as it was typed: digits only, the year in full."""

    number: str
    month: int
    year: int

    def is_expired(self, *, year: int, month: int) -> bool:
        """A card is good to the end of its month."""
        return (self.year, self.month) < (year, month)


def card_means(session: "Session", payment: Payment, card: Card) -> dict[str, Any]:
    """A card as the API shows it, with the bank's authorization."""
    is_challenged = card.number == CARD_WITH_3D_SECURE
    return {
        **described_card(card),
        "authorization_details": authorization(session, payment, is_challenged=is_challenged),
    }


def described_card(card: Card) -> dict[str, Any]:
    """A card as the API shows it."""
    return {
        "type": "bank_card",
        "title": f"Bank card *{card.number[-4:]}",
        "card": {
            "first6": card.number[:6],
            "last4": card.number[-4:],
            "expiry_month": f"{card.month:02d}",
            "expiry_year": str(card.year),
            "card_type": _card_type(card.number),
            "issuer_country": "RU",
        },
    }


def authorization(session: "Session", payment: Payment, *, is_challenged: bool) -> dict[str, Any]:
    """What the bank that issued the card says of a payment."""
    return {
        "rrn": session.chance.digits(12, "rrn", payment.number),
        "auth_code": session.chance.digits(6, "auth_code", payment.number),
        "three_d_secure": {"applied": is_challenged},
    }


def sbp_means(session: "Session", payment: Payment) -> dict[str, Any]:
    """A transfer of the fast payment system as the API shows it."""
    return {
        "type": "sbp",
        "sbp_operation_id": session.chance.hex(32, "sbp_operation", payment.number).upper(),
        "payer_bank_details": _SBP_BANK,
    }


def _card_type(number: str) -> str:
    if "2200" <= number[:4] <= "2204":
        return "Mir"
    return {"2": "MasterCard", "4": "Visa", "5": "MasterCard", "6": "UnionPay"}.get(number[0], "Unknown")
