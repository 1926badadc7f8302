"""Why an order was not paid, as the bank's action code with its text. The codes are from memory and stand only here."""

from sandbox.payments import Payment

_APPROVED = (0, "Запрос успешно обработан")
_NOT_TRIED = (-100, "Не было попыток оплаты")
_UNKNOWN = (100, "Операция отклонена")

_ACTIONS = {
    "insufficient_funds": (116, "Недостаточно средств"),
    "payment_method_limit_exceeded": (121, "Превышен лимит по карте"),
    "card_expired": (101, "Истёк срок действия карты"),
    "invalid_card_number": (111, "Неверный номер карты"),
    "invalid_csc": (879, "Неверный код CVC"),
    "3d_secure_failed": (-2006, "Не пройдена проверка 3-D Secure"),
    "call_issuer": (107, "Банк просит связаться с ним"),
    "fraud_suspected": (-20010, "Операция отклонена: подозрение на мошенничество"),
    "payment_method_restricted": (104, "Операции по карте запрещены"),
    "country_forbidden": (-2017, "Карта этой страны не принимается"),
    "identification_required": (125, "Карта не может быть использована"),
    "issuer_unavailable": (907, "Нет связи с банком, выпустившим карту"),
    "internal_timeout": (909, "Техническая ошибка"),
    "general_decline": _UNKNOWN,
    "expired_on_confirmation": (-2007, "Истёк срок, отведённый на оплату"),
    "expired_on_capture": (-2007, "Истёк срок блокировки денег"),
    "canceled_by_merchant": (-2020, "Заказ отменён магазином"),
}


def action(payment: Payment) -> tuple[int, str]:
    """The code and the text for an order as it stands."""
    if payment.is_paid:
        return _APPROVED
    refusal = payment.cancellation or payment.last_decline
    if refusal is None:
        return _NOT_TRIED
    return _ACTIONS.get(refusal["reason"], _UNKNOWN)
