"""What people read for the particulars of an act. A name or a value without words here is shown as it was noted."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "account": _("лицевой счёт"),
    "account_id": _("лицевой счёт"),
    "account_number": _("расчётный счёт"),
    "added": _("добавлено"),
    "amount_rub": _("сумма, ₽"),
    "benefit": _("льгота"),
    "bic": _("БИК"),
    "changed": _("изменено"),
    "code": _("код"),
    "container": _("вид файла"),
    "count": _("сколько"),
    "count_percent": _("предел числа строк, %"),
    "day": _("день"),
    "document": _("документ"),
    "due_on": _("следующая поверка до"),
    "email": _("адрес"),
    "ended": _("закончилось"),
    "ended_on": _("последний день"),
    "factor": _("коэффициент"),
    "fee_rub": _("удержано, ₽"),
    "finding": _("что нашли"),
    "gateway": _("платёжная система"),
    "for_period": _("пересчитан месяц"),
    "from_month": _("с месяца"),
    "gave_way": _("прежних заменено"),
    "has_register": _("реестр есть"),
    "hook": _("новый адрес уведомлений"),
    "host": _("сервер"),
    "installed_on": _("установлен"),
    "kind": _("вид"),
    "last_day": _("последний день"),
    "left": _("осталось"),
    "level": _("доступ"),
    "lines_count": _("разница строк"),
    "line_rub": _("предел одной строки, ₽"),
    "lines": _("строк"),
    "meter": _("счётчик"),
    "methods": _("чем"),
    "monthly_rub": _("в месяц, ₽"),
    "new": _("новых"),
    "note": _("пояснение"),
    "number": _("номер"),
    "odd_ratio": _("необычно, во столько раз"),
    "old": _("прежний"),
    "outage": _("перерыв"),
    "period": _("месяц"),
    "price_rub_per_m3": _("цена, ₽/м³"),
    "price_split": _("если цена сменилась"),
    "printed_value": _("норматив"),
    "profile": _("формат"),
    "proof": _("подтверждение"),
    "reading": _("показание"),
    "reason": _("причина"),
    "refund": _("возврат"),
    "refused": _("отклонено"),
    "region": _("регион нормативов"),
    "removed_on": _("снят"),
    "replaced_on": _("заменён"),
    "residents": _("человек"),
    "residents_before": _("было человек"),
    "rhythm": _("когда"),
    "role": _("роль"),
    "secret": _("новый ключ"),
    "service": _("услуга"),
    "sha256": _("отпечаток файла"),
    "shop_id": _("номер магазина"),
    "since": _("с"),
    "source": _("откуда"),
    "state": _("состояние"),
    "sum_percent": _("предел суммы, %"),
    "sum_rub": _("разница суммы, ₽"),
    "taken_on": _("снято"),
    "unchanged": _("без изменений"),
    "unit": _("единица"),
    "unread_meters": _("без показаний счётчики"),
    "until": _("по"),
    "usage": _("направление"),
    "user": _("человек"),
    "valid_from": _("с"),
    "valid_until": _("до"),
    "verified_on": _("поверен"),
    "version": _("редакция"),
    "way": _("способ"),
}

#: Values that are codes, by the name of the particular.
VALUES: dict[str, dict[str, Promise]] = {
    "kind": {
        "accounts": _("лицевые счета"),
        "balances": _("остатки"),
        "charges": _("начисления"),
        "meters": _("счётчики"),
        "readings": _("показания"),
        "payments": _("оплаты, принятые не здесь"),
        "adjustment": _("корректировка"),
        "write_off": _("списание долга"),
        "opening": _("входящий остаток"),
        "price": _("цена"),
        "order": _("приказ о ценах"),
        "norm": _("норматив"),
        "factor": _("температурный коэффициент"),
        "benefit": _("льгота"),
    },
    "level": {"full": _("полный"), "lite": _("неполный")},
    "methods": {
        "password": _("пароль"),
        "mfa": _("второй шаг"),
        "code": _("код из письма"),
        "password_reset": _("новый пароль по ссылке"),
    },
    "role": {
        "operator": _("оператор"),
        "helpdesk": _("справочная служба"),
        "manager": _("руководитель"),
        "accountant": _("бухгалтер"),
        "support": _("поддержка"),
    },
    "container": {"csv": _("CSV"), "xlsx": _("XLSX"), "one_c": _("1С (1CClientBankExchange)")},
    "rhythm": {
        "by_hand": _("только по кнопке"),
        "daily": _("каждый день"),
        "weekly": _("раз в неделю"),
        "monthly": _("раз в месяц"),
    },
    "way": {
        "download": _("скачивают здесь"),
        "sftp": _("папка на сервере SFTP"),
        "email": _("письмо с файлом"),
    },
}
_DAY, _MONTH = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d")
_SUM = re.compile(r"-?\d+\.\d\d")


def read(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the particulars of an act that say something: days, months and sums as people write them."""
    return [
        (str(NAMES.get(name, name)), _value(name, value))
        for name, value in details.items()
        if value not in (None, "", [], {})
    ]


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(name, item) for item in value)
    text = str(value)
    if words := VALUES.get(name, {}).get(text):
        return str(words)
    if _DAY.fullmatch(text):
        return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
    if _MONTH.fullmatch(text):
        return f"{text[5:]}.{text[:4]}"
    if name.endswith("_rub") and _SUM.fullmatch(text):
        return number_format(Decimal(text), decimal_pos=2, use_l10n=True).replace("-", "−")
    return text
