"""The pictures of the office's first page."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from kabinet.charges.queries import Debts, Received, WindowDay
from kabinet.charges.rules import DebtOfAge
from kabinet.payments.queries.office import MoneyDay
from kabinet.web.ui import formats
from kabinet.web.ui.charts import Bar, BarChart, bar_chart


def money_chart(days: Sequence[MoneyDay]) -> BarChart:
    bars = [
        Bar(str(day.day.day), formats.day_words(day.day), day.amount_rub, group=formats.month_short(day.day))
        for day in days
    ]
    return bar_chart(
        bars if any(day.count for day in days) else [], title=_("Поступления по дням"), unit="₽", category=_("День")
    )


def debt_chart(debts: Debts) -> BarChart:
    bars = [Bar(_age_in_short(age), _age_in_words(age), age.amount_rub) for age in debts.ages]
    if debts.undated_rub:
        bars.append(Bar(_("иное"), _("без месяца: пришло остатком"), debts.undated_rub))
    return bar_chart(
        bars if debts.total_rub else [],
        title=_("Долги по давности"),
        unit="₽",
        category=_("Сколько месяцев назад"),
        ends_now=False,
    )


def readings_chart(received: Received) -> BarChart:
    return bar_chart(
        [_of_day(day) for day in received.days],
        title=_("Показания по дням приёма"),
        unit=_("шт."),
        category=_("День"),
        mark_title=_("в прошлом месяце"),
    )


def _of_day(day: WindowDay) -> Bar:
    count = None if day.count is None else Decimal(day.count)
    label = str(day.day.day if day.day else day.place)
    name = formats.day_words(day.day) if day.day else _("день %(place)s") % {"place": day.place}
    return Bar(label, name, count, mark=Decimal(day.before) if day.before else None)


def _age_in_short(age: DebtOfAge) -> str:
    if age.until_months is None:
        return f"{age.since_months}+"
    return f"{age.since_months}–{age.until_months}"


def _age_in_words(age: DebtOfAge) -> str:
    if age.until_months is None:
        return _("больше %(years)s лет") % {"years": age.since_months // 12}
    if not age.since_months:
        return _("до месяца")
    return _("от %(since)s до %(until)s месяцев") % {"since": age.since_months, "until": age.until_months}
