"""YooKassa's register of a day: the files of payments and of refunds, with the headings that its cabinet offers."""

from kabinet.payments.gateways import StatementLine, registers

_PAYMENT_ID = frozenset({"идентификатор платежа", "номер платежа", "id платежа", "payment id", "payment_id"})
_COMMON = {
    "currency": frozenset({"валюта", "валюта платежа", "валюта возврата", "currency"}),
    "kind": frozenset({"тип операции", "operation type", "type"}),
    "public_id": frozenset(
        {
            "метаданные",
            "metadata",
            "номер заказа",
            "данные для магазина",
            "metadata.payment_id",
            "payment_id (metadata)",
        }
    ),
}
PAYMENTS = _COMMON | {
    "object_id": _PAYMENT_ID | {"id"},
    "amount_rub": frozenset({"сумма", "сумма платежа", "amount"}),
    "income_rub": frozenset(
        {
            "сумма к перечислению",
            "сумма за вычетом комиссии",
            "сумма платежа за вычетом комиссии",
            "сумма платежа за вычетом комиссии нко",
            "income_amount",
            "income",
        }
    ),
    "captured_at": frozenset(
        {
            "дата платежа",
            "дата и время платежа",
            "время платежа",
            "дата подтверждения",
            "время подтверждения",
            "captured_at",
        }
    ),
}
REFUNDS = _COMMON | {
    "object_id": frozenset({"идентификатор возврата", "номер возврата", "id возврата", "refund id", "refund_id", "id"}),
    "payment_object_id": _PAYMENT_ID,
    "amount_rub": frozenset({"сумма", "сумма возврата", "amount"}),
    "captured_at": frozenset({"дата возврата", "время возврата", "дата и время возврата", "created_at", "refunded_at"}),
}

_NEEDED = frozenset({"object_id", "amount_rub", "captured_at"})


def read_register(*, payments: str, refunds: str) -> list[StatementLine]:
    """Read the daily register, both files. Raises RegisterUnreadable."""
    return [
        *registers.read_lines(payments, PAYMENTS, kind="payment", needs=_NEEDED),
        *registers.read_lines(refunds, REFUNDS, kind="refund", needs=_NEEDED | {"payment_object_id"}),
    ]
