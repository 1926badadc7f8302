"""What is wrong with payments, in the words of people; commands say the same in English."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kabinet.payments.models import DayLine, GatewayStatementLine, NightCheck

#: By the name that a check gives to what it finds. A name that is not here is shown as it is.
WORDS: dict[str, Promise] = {
    # What waits too long
    "not checked": _lazy("не спросили вовремя"),
    "not answered": _lazy("уведомление без ответа"),
    "mismatch": _lazy("у платёжной системы иначе"),
    "unresolved": _lazy("30 дней без ответа"),
    "receipt_failed": _lazy("касса не зарегистрировала чек"),
    "not approved": _lazy("не подтверждён вторым сотрудником"),
    "no cheque": _lazy("чек не зарегистрирован"),
    "not charged": _lazy("автоплатёж не списан"),
    "not closed": _lazy("день не закрыт"),
    "no register": _lazy("реестр не пришёл"),
    # Where the ledger does not agree with itself, or a document with its parts
    "balance": _lazy("остаток не равен сумме проводок"),
    "payment_suspense": _lazy("проводки не равны невыясненной части"),
    "shares": _lazy("платёж не равен сумме своих частей"),
    "shares of refund": _lazy("возврат не равен сумме своих частей"),
    "shares of chargeback": _lazy("отзыв не равен сумме своих частей"),
    "refunded": _lazy("возвращено не столько, сколько в возвратах"),
    "refunded of share": _lazy("по части платежа возвращено не столько, сколько в возвратах"),
    "sums in suspense": _lazy("невыясненная часть не равна невыясненным суммам платежа"),
    "decided": _lazy("решено не о стольких деньгах, сколько зачислено и возвращено"),
    "suspense book": _lazy("невыясненные суммы в проводках не равны документам"),
    "returned": _lazy("с погашения снято не столько, сколько возвращено"),
    "settled": _lazy("погашено не столько, сколько на начисление зачтено"),
    "credit used beyond itself": _lazy("погашено больше, чем поступило"),
    "charge in the ledger": _lazy("проводка не равна начислению"),
}
KINDS: dict[str, Promise] = {
    "payment": _lazy("платёж"),
    "payment_suspense": _lazy("невыясненная часть платежа"),
    "refund": _lazy("возврат"),
    "receipt": _lazy("чек"),
    "doorbell": _lazy("уведомление"),
    "autopay_charge": _lazy("списание"),
    "day": _lazy("день"),
    "chargeback": _lazy("отзыв банком"),
    "suspended_sum": _lazy("невыясненная сумма"),
    "suspense_allocation": _lazy("зачисление невыясненной суммы"),
    "payout": _lazy("выплата"),
    "charge": _lazy("начисление"),
    "transfer": _lazy("проводка"),
    "book": _lazy("книга"),
    "supplier": _lazy("поставщик"),
}
BOOKS: dict[str, Promise] = {
    "customer": _lazy("расчёты с абонентом"),
    "fees": _lazy("комиссия"),
    "suspense": _lazy("невыясненные суммы"),
    "bank": _lazy("банк"),
}
ANOTHER_SHOP = "another shop's clearing"


def what_words(what: str) -> str:
    """Say what is wrong: «не спросили вовремя»."""
    if what in WORDS:
        return str(WORDS[what])
    kind, _on, book = what.partition(" on ")
    if kind not in KINDS:
        return what
    if not book:
        return _("проводки не равны документу")
    if book == ANOTHER_SHOP:
        return _("проводки по другому магазину")
    return _("на «%(book)s» проведено не столько, сколько в документе") % {"book": BOOKS.get(book, book)}


def subject_words(subject: str) -> str:
    """Say which thing is meant, by its `kind:number`: «платёж 12»."""
    kind, _colon, number = subject.partition(":")
    if kind == "day":
        number = _day(number.rpartition(":")[2])
    return f"{KINDS.get(kind, kind)} {number}"


def finding_words(check: str, found: Mapping[str, Any], supplier_names: Mapping[int, str]) -> str:
    """Say one thing that a check of a night found, on one line; `found` as `check_night` has stored it."""
    if "error" in found:
        return _("проверка не прошла до конца: %(error)s") % {"error": found["error"]}
    words = {
        NightCheck.Name.LEDGER: _of_ledger,
        NightCheck.Name.RECONCILE: _of_reconciliation,
        NightCheck.Name.STUCK: _of_waiting,
    }[NightCheck.Name(check)](found)
    return f"{supplier_names.get(found['supplier'], found['supplier'])}: {words}"


def _of_ledger(found: Mapping[str, Any]) -> str:
    return _("%(subject)s — %(what)s; записано: %(stored)s, по расчёту: %(computed)s") % {
        "subject": subject_words(found["subject"]),
        "what": what_words(found["what"]),
        "stored": _sum(found["stored_rub"]),
        "computed": _sum(found["computed_rub"]),
    }


def _of_reconciliation(found: Mapping[str, Any]) -> str:
    where = _("магазин %(shop)s за %(day)s") % {"shop": found["shop"], "day": _day(found["day"])}
    if "silence" in found:
        return _("%(where)s — платёжная система не ответила («%(reason)s»)") % {
            "where": where,
            "reason": found["silence"],
        }
    return _("%(where)s, %(kind)s %(subject)s — %(what)s; у нас: %(ours)s, у них: %(theirs)s") % {
        "where": where,
        "kind": GatewayStatementLine.Kind(found["kind"]).label,
        "subject": found["subject"],
        "what": DayLine.Finding(found["what"]).label,
        "ours": _sum(found["ours_rub"]),
        "theirs": _sum(found["theirs_rub"]),
    }


def _of_waiting(found: Mapping[str, Any]) -> str:
    since = dt.datetime.fromisoformat(found["since"]).astimezone(ZoneInfo(settings.INSTALLATION_TIME_ZONE))
    return _("%(subject)s — %(what)s с %(moment)s") % {
        "subject": subject_words(found["subject"]),
        "what": what_words(found["what"]),
        "moment": f"{since:%d.%m.%Y %H:%M}",
    }


def _day(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d.%m.%Y}"


def _sum(text: str | None) -> str:
    if text is None:
        return _("нет")
    amount = number_format(Decimal(text), decimal_pos=2, use_l10n=True, force_grouping=True).replace("-", "−")
    return f"{amount}\u00a0₽"
