"""What a change of terms means for months that are charged: nothing, until somebody has them corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.charges.queries.charged_months import charged_months
from kabinet.common.month import Month
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.backoffice.views.tariffs.scope import today_of
from kabinet.web.ui import formats

STAYS = gettext_lazy(
    "Начисления и счета за эти дни сами не изменятся. Перерасчёт делают отдельно, по решению: его отчёт покажет "
    "разницу и ничего не начислит, пока его не проведёт другой сотрудник."
)


@dataclass(frozen=True)
class Touched:
    """Charged months that a change touches, oldest first, and where their correction is counted."""

    months: Sequence[Month]
    links: Sequence[tuple[str, str]]

    @property
    def words(self) -> str:
        """Say what stays as it is, and what a correction costs where."""
        if not self.months:
            return ""
        first = formats.month_words(self.months[0])
        if len(self.months) == 1:
            what = _("Месяц %(first)s уже начислен.") % {"first": first}
        else:
            last = formats.month_words(self.months[-1])
            what = _("Уже начислены месяцы: %(first)s — %(last)s.") % {"first": first, "last": last}
        return f"{what} {STAYS}"


def touched(request: HttpRequest, supplier: SupplierCard, since: Month | None, *, reason: str = "") -> Touched:
    """Give the charged months from `since` on; None touches nothing."""
    if since is None:
        return Touched([], [])
    months = charged_months(supplier.id, since=since, until=Month.of(today_of(request, supplier)))
    return Touched(months, [(formats.month_words(month), _address(supplier, month, reason)) for month in months])


def wanted(request: HttpRequest, supplier: SupplierCard) -> Touched:
    """Give what the change that led here touches: the address says from which month on."""
    try:
        since = Month.parse(request.GET.get("changed", ""))
    except ValueError:
        since = None
    return touched(request, supplier, since, reason=request.GET.get("reason", ""))


def after(list_url: str, since: Month | None, *, reason: str) -> str:
    """Give the address of a list that says which charged months a change has touched."""
    return f"{list_url}?{urlencode({'changed': str(since), 'reason': reason})}" if since else list_url


def _address(supplier: SupplierCard, month: Month, reason: str) -> str:
    asked = {"supplier_id": supplier.id, "for_period": str(month), "reason": reason}
    return f"{reverse('office:accrual_correct')}?{urlencode(asked)}"
