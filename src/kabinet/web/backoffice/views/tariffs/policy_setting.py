"""Setting how a supplier charges from a month on."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.charges.queries.policies import policies
from kabinet.charges.usecases.set_accrual_policy import set_accrual_policy
from kabinet.common.month import Month
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.tariffs import PolicyForm
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight, today_of

#: What a supplier's first choices begin with: the months that the law names, and what is odd for most.
#: Source: supply rules of 21.07.2008 No. 549, items 30 and 31; docs/adr/0103.
USUAL = {
    "price_split": "by_days",
    "average_of_months": 12,
    "average_at_most_months": 3,
    "removed_at_most_months": 3,
    "recalculate_norm_months": "by_operator",
    "odd_ratio": 10,
    "silent_months": 6,
    "charges_penalties": True,
    "penalty_recheck_months": 6,
}


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def set_policy(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Ask how to charge, beginning with the newest choices, or with the usual ones, and keep it."""
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    today = today_of(request, supplier)
    known = policies(supplier_id, visible_to=request.user)
    initial = {"from_month": str(Month.of(today)), **(asdict(known[0].policy) if known else USUAL)}
    form = PolicyForm(request.POST or None, initial=initial, today=today)
    list_url = reverse("office:tariff_policies", args=[supplier_id])

    def do(given: dict[str, Any]) -> HttpResponse:
        set_accrual_policy(supplier_id=supplier_id, **given, actor=request.user, now=request.now)
        messages.success(request, _("Порядок начисления задан."))
        return redirect(list_url)

    act = Act(
        _("Порядок начисления"),
        supplier.name,
        list_url,
        warning=_("Он действует со следующего начисления этого месяца; начисленное по прежнему порядку не изменится."),
        submit=_("Сохранить"),
    )
    return one_step(request, form, act, do=do)
