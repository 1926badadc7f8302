"""A month beside another: by how much each cause has changed the sum. And what the next month may come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from kabinet.accounts.models import Account
from kabinet.charges import rules
from kabinet.charges.models import Charge
from kabinet.charges.queries.explanation.shapes import decimal, number, rows_of, rub, volume
from kabinet.common.money import ZERO, round_to_kopeck
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs import queries as tariffs

YEAR = 12
_Kind = Charge.Kind
#: What was used, however the volume was found.
CONSUMPTION = (_Kind.METERED, _Kind.AVERAGE, _Kind.NORM, _Kind.IMPORTED)


@dataclass(frozen=True)
class MonthFigures:
    """What was charged for a month.

    volume_m3        of consumption; None where no line tells it
    by_kind_rub      the sum of each kind of lines
    residents_count  of the norm, where the month was charged by one
    """

    period: Month
    volume_m3: Decimal | None
    by_kind_rub: dict[str, Decimal]
    residents_count: Decimal | None

    @property
    def amount_rub(self) -> Decimal:
        return sum(self.by_kind_rub.values(), ZERO)

    @property
    def consumption_rub(self) -> Decimal:
        return sum((self.by_kind_rub.get(kind, ZERO) for kind in CONSUMPTION), ZERO)

    @property
    def price_rub_per_m3(self) -> Decimal | None:
        """The mean price of what was used; None without a volume."""
        return self.consumption_rub / self.volume_m3 if self.volume_m3 else None

    @property
    def ways(self) -> list[str]:
        """How the volume was found, in words."""
        return [str(_Kind(kind).label) for kind in CONSUMPTION if kind in self.by_kind_rub]


@dataclass(frozen=True)
class Cause:
    """Why a sum differs, and by how much; amount_rub is None for what only explains another cause."""

    name: str
    amount_rub: Decimal | None = None


@dataclass(frozen=True)
class Comparison:
    """A month and an earlier one. The sums of the causes add up to the difference."""

    before: MonthFigures
    now: MonthFigures

    @property
    def is_year_ago(self) -> bool:
        return self.before.period == self.now.period.plus(-YEAR)

    @property
    def difference_rub(self) -> Decimal:
        return self.now.amount_rub - self.before.amount_rub

    @property
    def difference_size_rub(self) -> Decimal:
        return abs(self.difference_rub)

    @property
    def is_more(self) -> bool:
        return self.difference_rub > 0

    @property
    def is_less(self) -> bool:
        return self.difference_rub < 0

    @property
    def causes(self) -> list[Cause]:
        """Volume, price, and each kind of lines apart, then what only explains them."""
        return [*self._of_consumption(), *self._of_other_kinds(), *self._explaining()]

    def _of_consumption(self) -> Iterator[Cause]:
        before, now = self.before, self.now
        difference_rub = now.consumption_rub - before.consumption_rub
        if not difference_rub:
            return
        price_before, price_now = before.price_rub_per_m3, now.price_rub_per_m3
        if price_before is None or price_now is None or before.volume_m3 is None or now.volume_m3 is None:
            sums = {"now": rub(now.consumption_rub), "before": rub(before.consumption_rub)}
            yield Cause(_("Начислено за расход: %(now)s вместо %(before)s") % sums, difference_rub)
            return
        words = {"now": volume(now.volume_m3), "before": volume(before.volume_m3)}
        used = _("Расход: %(now)s вместо %(before)s") % words
        by_volume_rub = round_to_kopeck((now.volume_m3 - before.volume_m3) * price_before)
        if now.volume_m3 != before.volume_m3:
            yield Cause(used, by_volume_rub)
        if _price(price_now) != _price(price_before):
            prices = {"now": _price(price_now), "before": _price(price_before)}
            yield Cause(_("Цена: %(now)s вместо %(before)s ₽/м³") % prices, difference_rub - by_volume_rub)
        elif by_volume_rub != difference_rub:
            yield Cause(_("Округление"), difference_rub - by_volume_rub)

    def _of_other_kinds(self) -> Iterator[Cause]:
        for kind in _Kind:
            changed_rub = self.now.by_kind_rub.get(kind, ZERO) - self.before.by_kind_rub.get(kind, ZERO)
            if kind not in CONSUMPTION and changed_rub:
                name = str(kind.label)
                yield Cause(name[:1].upper() + name[1:], changed_rub)

    def _explaining(self) -> Iterator[Cause]:
        before, now = self.before, self.now
        if now.ways and before.ways and now.ways != before.ways:
            words = {"now": ", ".join(now.ways), "before": ", ".join(before.ways)}
            yield Cause(_("Как найден расход: %(now)s, а тогда %(before)s") % words)
        if None not in (now.residents_count, before.residents_count) and now.residents_count != before.residents_count:
            words = {"now": number(now.residents_count), "before": number(before.residents_count)}
            yield Cause(_("Проживающих в нормативе: %(now)s, а тогда %(before)s") % words)


@dataclass(frozen=True)
class Forecast:
    """What a month not charged yet may come to.

    from_period  the month a year before, of which the volume is
    fees_rub     what the last charged month had beside consumption, by contract
    """

    period: Month
    from_period: Month
    volume_m3: Decimal
    price_rub_per_m3: Decimal
    fees_rub: Decimal
    amount_rub: Decimal


def comparisons(supplier_id: int, account_id: int, period: Month) -> list[Comparison]:
    """Compare a charged month with the one before and with that of a year ago, where those were charged. One query."""
    others = [period.previous(), period.plus(-YEAR)]
    figures = _figures(supplier_id, account_id, [period, *others])
    if period not in figures:
        return []
    return [Comparison(figures[other], figures[period]) for other in others if other in figures]


def sums_by_month(supplier_id: int, account_id: int, *, since: Month, until: Month) -> dict[Month, Decimal]:
    """Give what all lines of each month of [since, until) come to, as comparisons take them. One query."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period__gte=since, period__lt=until)
    sums = rows.exclude(kind=_Kind.OPENING).values_list("period").annotate(sum_rub=Sum("amount_rub")).order_by("period")
    return dict(sums)


def forecast(supplier_id: int, account_id: int, period: Month) -> Forecast | None:
    """Tell what a month may come to: by the volume of the same month last year and the prices that are set for it.

    None where last year tells nothing, and where no price is set.
    """
    a_year_ago = period.plus(-YEAR)
    used, *_later = meters.monthly_consumption(supplier_id, account_id, meters.months_until(period, YEAR + 1))
    if not used.volume_m3:
        return None
    purpose = Account.objects.values_list("usage_purpose_code", flat=True).get(supplier_id=supplier_id, id=account_id)
    since, until = period.first_day, period.next().first_day
    prices = tariffs.prices_between(
        supplier_id, suppliers.main_service_id(supplier_id), purpose, since=since, until=until
    )
    try:
        lines = rules.metered_lines(volume_m3=used.volume_m3, since=since, until=until, prices=prices)
    except rules.PriceMissing:
        return None
    cost_rub = sum((line.amount_rub for line in lines), ZERO)
    fixed = Charge.objects.filter(
        supplier_id=supplier_id, account_id=account_id, period=period.previous(), kind=_Kind.FIXED
    )
    fees_rub = sum(fixed.values_list("amount_rub", flat=True), ZERO)
    return Forecast(
        period=period,
        from_period=a_year_ago,
        volume_m3=used.volume_m3,
        price_rub_per_m3=lines[-1].price_rub_per_m3,
        fees_rub=fees_rub,
        amount_rub=cost_rub + fees_rub,
    )


def _figures(supplier_id: int, account_id: int, periods: Sequence[Month]) -> dict[Month, MonthFigures]:
    """Give what was charged for months; the balance that an account came with was charged for none."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period__in=periods)
    rows = rows.exclude(kind=_Kind.OPENING)
    lines: dict[Month, list[tuple[str, Decimal | None, Decimal, dict[str, Any]]]] = {}
    for period, *line in rows.values_list("period", "kind", "volume_m3", "amount_rub", "inputs"):
        lines.setdefault(period, []).append(tuple(line))
    return {period: _of_lines(period, found) for period, found in lines.items()}


def _of_lines(period: Month, lines: Sequence[tuple[str, Decimal | None, Decimal, dict[str, Any]]]) -> MonthFigures:
    by_kind_rub: dict[str, Decimal] = {}
    volumes: list[Decimal] = []
    residents: list[Decimal] = []
    for kind, volume_m3, amount_rub, inputs in lines:
        by_kind_rub[kind] = by_kind_rub.get(kind, ZERO) + amount_rub
        if kind in CONSUMPTION and volume_m3 is not None:
            volumes.append(volume_m3)
        for component in rows_of(inputs.get("components")):
            count = decimal(component.get("count"))
            if component.get("unit") == "person" and count is not None:
                residents.append(count)
    return MonthFigures(
        period, sum(volumes, Decimal(0)) if volumes else None, by_kind_rub, max(residents, default=None)
    )


def _price(price_rub_per_m3: Decimal) -> str:
    return number(round(price_rub_per_m3, 3))
