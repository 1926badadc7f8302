"""The chart of consumption and its comparison with a year ago, for the screens that show it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kabinet.accounts.queries import AccountCard
from kabinet.common.month import Month
from kabinet.meters import queries as meters
from kabinet.meters.queries import MonthVolume
from kabinet.web.ui import formats
from kabinet.web.ui.charts import Bar, BarChart, bar_chart

SPANS = {"12": 12, "36": 36}
YEAR = 12


@dataclass(frozen=True)
class Usage:
    """What the card «Расход газа» shows.

    span          "12" or "36": months on the chart
    latest        the newest month that has a reading
    change_percent  against the same month a year before, rounded; None when that is not known
    has_shared    some bars are shares of a volume that came after months without readings
    """

    chart: BarChart
    span: str
    latest: MonthVolume | None
    change_percent: Decimal | None
    has_shared: bool

    @property
    def is_less(self) -> bool:
        return self.change_percent is not None and self.change_percent < 0

    @property
    def is_more(self) -> bool:
        return self.change_percent is not None and self.change_percent > 0

    @property
    def change_size_percent(self) -> Decimal:
        return abs(self.change_percent or Decimal(0))


def usage_of(request: HttpRequest, account: AccountCard, *, this_month: Month) -> Usage:
    """Read three years in one query and draw as many months of them as `?span=` asks for."""
    span = request.GET.get("span", "12")
    span = span if span in SPANS else "12"
    volumes = meters.monthly_consumption(account.supplier_id, account.id, meters.months_until(this_month, 36 + YEAR))
    if volumes[-1].volume_m3 is None:
        volumes = volumes[:-1]
    shown = volumes[-SPANS[span] :]
    known = [volume for volume in shown if volume.volume_m3 is not None]
    latest = known[-1] if known else None
    return Usage(
        chart=bar_chart(
            [_bar(volume, this_month) for volume in shown], title=_("Расход газа по месяцам"), unit=_("м³")
        ),
        span=span,
        latest=latest,
        change_percent=_change_percent(latest, volumes),
        has_shared=any(volume.is_shared for volume in shown),
    )


def _bar(volume: MonthVolume, this_month: Month) -> Bar:
    return Bar(
        label=formats.month_short(volume.period),
        name=formats.month_words(volume.period),
        value=volume.volume_m3,
        group=str(volume.period.year),
        is_estimated=volume.is_shared or volume.period == this_month,
        estimate=_("по дням") if volume.is_shared else "",
    )


def _change_percent(latest: MonthVolume | None, volumes: list[MonthVolume]) -> Decimal | None:
    """Compare what was read with what was read: a month's share of several says nothing of that month."""
    if latest is None or latest.volume_m3 is None or latest.is_shared:
        return None
    year_ago = {volume.period: volume for volume in volumes}.get(latest.period.plus(-YEAR))
    if year_ago is None or year_ago.is_shared or not year_ago.volume_m3:
        return None
    return ((latest.volume_m3 / year_ago.volume_m3 - 1) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
