"""What the page says about outcomes and refusals."""

# In the order in which the page offers them to a tester.
REFUSALS = {
    "insufficient_funds": "Не хватило денег",
    "payment_method_limit_exceeded": "Превышен лимит",
    "card_expired": "Срок карты истёк",
    "invalid_card_number": "Неверный номер карты",
    "invalid_csc": "Неверный код CVC",
    "3d_secure_failed": "Не пройдена проверка 3-D Secure",
    "call_issuer": "Банк просит связаться с ним",
    "fraud_suspected": "Подозрение на мошенничество",
    "payment_method_restricted": "Операции по карте запрещены",
    "country_forbidden": "Карта этой страны не принимается",
    "identification_required": "Нужна идентификация кошелька",
    "issuer_unavailable": "Банк не отвечает",
    "internal_timeout": "Технические неполадки",
    "general_decline": "Отказ без объяснения",
    "expired_on_confirmation": "Время на оплату вышло",
    "permission_revoked": "Разрешение на автоплатёж отозвано",
    "deal_expired": "Срок сделки истёк",
    "unsupported_mobile_operator": "Оператор связи не поддерживается",
}

_OTHER_REFUSALS = {
    "expired_on_capture": "Магазин не списал деньги вовремя",
    "canceled_by_merchant": "Магазин отменил платёж",
}

REFUSAL_OF_PAYMENT = "Каждая кнопка отменяет платёж с этой причиной и возвращает в магазин."
REFUSAL_OF_ATTEMPT = "Каждая кнопка отклоняет попытку с этой причиной. Пока идёт время на оплату, можно пробовать ещё."


def refusal_text(reason: str) -> str:
    """A reason in Russian; an unknown word as it is."""
    return (REFUSALS | _OTHER_REFUSALS).get(reason, reason)
