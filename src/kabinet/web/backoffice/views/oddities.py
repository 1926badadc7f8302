"""What looks odd in an accrual, in words: what was found, and what can be done about it."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.charges.queries import OddityRow
from kabinet.web.ui import formats

ADVICE = {
    "no_tariff": gettext_lazy("Задайте цену на эти дни и пересчитайте: сейчас расход этих счетов не начислен."),
    "no_norm": gettext_lazy(
        "Задайте норматив, проживающих или площадь и пересчитайте: расход этих счетов не начислен."
    ),
    "no_factor": gettext_lazy("Задайте температурный коэффициент месяца и пересчитайте: расход не начислен."),
    "no_rate": gettext_lazy("Загрузите ключевую ставку или срок оплаты и пересчитайте: пени не начислены."),
    "much_more": gettext_lazy(
        "Проверьте показание: спросите абонента или пошлите контролёра. Неверное можно не учесть."
    ),
    "silent": gettext_lazy("Напомните абоненту о показаниях или пошлите контролёра."),
    "unverified": gettext_lazy("Показания не учитываются, пока счётчик не поверен: начислено по нормативу."),
    "price_split": gettext_lazy("Расход поделён по дням. Точнее будет с контрольным показанием на день смены цены."),
    "negative": gettext_lazy("После перерасчёта сумма месяца меньше нуля: она уменьшит долг или станет авансом."),
    "failed": gettext_lazy(
        "По этим счетам не начислено ничего. Проверьте их данные и пересчитайте; не помогло — ошибка стоит в журнале."
    ),
}
MISSING = {
    "norm": gettext_lazy("норматив"),
    "residents": gettext_lazy("число проживающих"),
    "area": gettext_lazy("площадь"),
}


def found_in(row: OddityRow) -> list[tuple[str, str]]:
    """Say what was found as names and values; what is not known is left out."""
    return [(name, value) for name, value in _WORDS[row.kind](row.details) if value]


Details = dict[str, str]
Facts = Iterator[tuple[str, str]]


def _missing(details: Details) -> Facts:
    if missing := details.get("missing"):
        yield _("Чего нет"), str(MISSING.get(missing, missing))
    yield _("На день"), _day(details, "day")


def _volumes(details: Details) -> Facts:
    yield _("Обычно"), _volume(details, "usual_m3")
    yield _("Сейчас"), _volume(details, "volume_m3")
    yield _("Показание от"), _day(details, "taken_on")
    yield _("Счётчик"), details.get("meter", "")


def _silent(details: Details) -> Facts:
    yield _("Последнее показание"), _day(details, "last_reading_on") or _("не было ни одного")
    yield _("Счётчик"), details.get("meter", "")


def _unverified(details: Details) -> Facts:
    yield _("Поверка кончилась"), _day(details, "due_on")
    yield _("Счётчик"), details.get("meter", "")


def _price_split(details: Details) -> Facts:
    yield _("Цена сменилась"), _day(details, "day")


def _negative(details: Details) -> Facts:
    yield _("Сумма месяца"), formats.rub(_decimal(details["amount_rub"]))


def _failed(details: Details) -> Facts:
    yield _("Ошибка в журнале"), details["error"]


_WORDS: dict[str, Callable[[Details], Facts]] = {
    "no_tariff": _missing,
    "no_norm": _missing,
    "no_factor": _missing,
    "no_rate": _missing,
    "much_more": _volumes,
    "silent": _silent,
    "unverified": _unverified,
    "price_split": _price_split,
    "negative": _negative,
    "failed": _failed,
}


def _day(details: Details, name: str) -> str:
    text = details.get(name, "")
    return formats.day(dt.date.fromisoformat(text)) if text else ""


def _volume(details: Details, name: str) -> str:
    text = details.get(name, "")
    return formats.volume(_decimal(text)) if text else ""


def _decimal(text: str) -> Decimal:
    """Read a number as `charges.rules` writes it: 15,167 or −590,63."""
    return Decimal(text.replace(",", ".").replace("−", "-"))
