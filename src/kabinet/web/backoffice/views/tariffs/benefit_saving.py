"""A benefit that waits for a second person: a new one, or other words of one that is given already."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.queries import lists
from kabinet.tariffs.queries.lists import BenefitRow
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.tariffs import BenefitForm
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.backoffice.views.tariffs.scope import supplier_in_sight, today_of
from kabinet.web.backoffice.views.tariffs.setting import propose


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def add_benefit(request: HttpRequest, supplier_id: int) -> HttpResponse:
    return _save(request, supplier_id, None)


@office("tariffs", rights.SET_TARIFFS)
@require_http_methods(["GET", "POST"])
def change_benefit(request: HttpRequest, supplier_id: int, benefit_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    benefit = lists.benefit(supplier_id, benefit_id, day=today_of(request, supplier), visible_to=request.user)
    return _save(request, supplier_id, benefit)


def _save(request: HttpRequest, supplier_id: int, benefit: BenefitRow | None) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.SET_TARIFFS)
    list_url = reverse("office:tariff_benefits", args=[supplier_id])
    form = BenefitForm(
        request.POST or None,
        initial=_as_typed(benefit) if benefit else None,
        services=suppliers.services(supplier_id),
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        return propose(request, supplier, "benefit", given | {"benefit_id": benefit.id if benefit else None})

    act = Act(
        benefit.name if benefit else _("Новая льгота"),
        supplier.name,
        list_url,
        warning=_("Эту льготу уже получают: изменить можно только слова. Для нового размера заведите новую.")
        if benefit and benefit.given_count
        else "",
        submit=_("Предложить"),
    )
    return one_step(request, form, act, do=do)


def _as_typed(benefit: BenefitRow) -> dict[str, Any]:
    return {
        "code": benefit.code,
        "name": benefit.name,
        "service_id": benefit.service_id,
        "share_percent": benefit.share_percent,
        "limit_m3": benefit.limit_m3,
        "is_limit_per_head": benefit.is_limit_per_head,
        "monthly_rub": benefit.monthly_rub,
        "funded_by": benefit.funded_by,
        "source": benefit.source,
    }
