"""What the pages of tariffs have in common: whose they are, the views of them, and which day it is there."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.common.errors import NotFound
from kabinet.payments.queries.office import SupplierChoice, suppliers_for_staff
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs.queries.endings import Ending, endings
from kabinet.web.backoffice.forms.tariffs import SupplierForm

ENDS_SOON_DAYS = 60
#: Where everybody arrives, and where what the law sets is looked at; elsewhere the list itself comes first.
TABS_WITH_ENDINGS = ("tariff_prices", "tariff_law")


@dataclass(frozen=True)
class Tab:
    """One view of a supplier's tariffs."""

    name: str
    url: str
    is_current: bool


def supplier_in_sight(request: HttpRequest, supplier_id: int, right: str = rights.SEE_TARIFFS) -> SupplierCard:
    """Give a supplier at which a member of staff has the right. Raises NotFound, NotAllowed."""
    check_right(request.user, right, supplier_id)
    return suppliers.supplier_card(supplier_id)


def suppliers_in_sight(request: HttpRequest) -> list[SupplierChoice]:
    """Give the suppliers whose tariffs a member of staff may see. Raises NotFound when there is none."""
    found = suppliers_for_staff(rights.SEE_TARIFFS, visible_to=request.user)
    if not found:
        raise NotFound
    return found


def frame(request: HttpRequest, supplier: SupplierCard, current: str) -> dict[str, Any]:
    """Give what stands above every list: the choice of the supplier, the tabs, and what ends soon."""
    own = suppliers_in_sight(request)
    names = {
        "tariff_prices": _("Цены"),
        "tariff_norms": _("Нормативы"),
        "tariff_factors": _("Коэффициенты"),
        "tariff_benefits": _("Льготы"),
        "tariff_policies": _("Порядок начисления"),
        "tariff_law": _("По закону"),
        "tariff_proposals": _("На подтверждении"),
    }
    today = today_of(request, supplier)
    return {
        "supplier": supplier,
        "supplier_form": SupplierForm(initial={"supplier_id": supplier.id}, suppliers=own) if len(own) > 1 else None,
        "kind": current,
        "tabs": [
            Tab(name, reverse(f"office:{key}", args=[supplier.id]), key == current) for key, name in names.items()
        ],
        "today": today,
        "endings": _endings(supplier, today) if current in TABS_WITH_ENDINGS else [],
        "may_set": request.office.staff.may_at(rights.SET_TARIFFS, supplier.id),
    }


def _endings(supplier: SupplierCard, today: dt.date) -> list[Ending]:
    soon = endings(today, within_days=ENDS_SOON_DAYS)
    return [ending for ending in soon if ending.supplier_name in ("", supplier.name)]


def today_of(request: HttpRequest, supplier: SupplierCard) -> dt.date:
    return suppliers.local_day(request.now, supplier)
