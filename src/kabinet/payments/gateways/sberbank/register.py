"""Sberbank's register of a day. The bank writes it to the shop's wishes, so headings decide; they are from memory."""

from kabinet.payments.gateways import StatementLine, registers

_ORDER_ID = frozenset({"номер заказа в системе", "номер заказа в платежном шлюзе", "mdorder", "order id", "orderid"})
_COMMON = {
    "public_id": frozenset({"номер заказа", "номер заказа в магазине", "ordernumber", "order number"}),
    "currency": frozenset({"валюта", "currency"}),
    "kind": frozenset({"тип операции", "operation type", "operation"}),
}
PAYMENTS = _COMMON | {
    "object_id": _ORDER_ID,
    "amount_rub": frozenset({"сумма", "сумма операции", "сумма платежа", "amount"}),
    "income_rub": frozenset({"сумма к перечислению", "сумма за вычетом комиссии", "income"}),
    "captured_at": frozenset({"дата операции", "дата и время операции", "дата оплаты", "deposited_at", "date"}),
}
REFUNDS = _COMMON | {
    "object_id": frozenset({"номер возврата", "идентификатор возврата", "externalrefundid", "refund id"}),
    "payment_object_id": _ORDER_ID,
    "amount_rub": frozenset({"сумма", "сумма операции", "сумма возврата", "amount"}),
    "captured_at": frozenset({"дата операции", "дата и время операции", "дата возврата", "refunded_at", "date"}),
}

_NEEDED = frozenset({"object_id", "amount_rub", "captured_at"})


def read_register(*, payments: str, refunds: str) -> list[StatementLine]:
    """Read the daily register, both files. Raises RegisterUnreadable."""
    return [
        *registers.read_lines(payments, PAYMENTS, kind="payment", needs=_NEEDED),
        *registers.read_lines(refunds, REFUNDS, kind="refund", needs=_NEEDED | {"payment_object_id"}),
    ]
