"""What holds, what is coming and what has ended: prices, norms, factors, benefits, and what the law says for all."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.audit.queries import history_of
from kabinet.charges.queries.policies import policies as policies_of
from kabinet.common.month import Month
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs import queries as tariffs
from kabinet.tariffs.queries import lists
from kabinet.tariffs.queries.pay_by import moved_days, pay_by_terms
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.numbers import ONE_DAY
from kabinet.web.backoffice.forms.tariffs import SupplierForm, TariffFilterForm
from kabinet.web.backoffice.views.tariffs import corrections
from kabinet.web.backoffice.views.tariffs.scope import frame, supplier_in_sight, suppliers_in_sight, today_of
from kabinet.web.ui import formats

KINDS = (
    "tariff_prices",
    "tariff_norms",
    "tariff_factors",
    "tariff_benefits",
    "tariff_policies",
    "tariff_law",
    "tariff_proposals",
)


#: What the audit trail calls the rows of a list.
SUBJECTS = {"tariff_prices": "tariff", "tariff_norms": "norm", "tariff_factors": "volume_factor"}


@dataclass(frozen=True)
class LawRow:
    """A row of the law with its last day, as people say it."""

    row: Any
    valid_from: dt.date
    last_day: dt.date | None


@dataclass(frozen=True)
class Group:
    """Rows that hold today, those that will, or those that have held; each with more words of it, or None."""

    title: str
    rows: Sequence[tuple[Any, Any]]


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Lead to the tariffs of the supplier that was chosen, else of the first one, in the view that was open."""
    own = suppliers_in_sight(request)
    form = SupplierForm(request.GET, suppliers=own)
    supplier_id = form.cleaned_data["supplier_id"] if form.is_valid() else own[0].id
    kind = request.GET.get("kind", "")
    return redirect(f"office:{kind if kind in KINDS else KINDS[0]}", supplier_id)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def prices(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    purposes = suppliers.usage_purposes(supplier_id)
    form = TariffFilterForm(request.GET, purposes=purposes)
    rows = lists.tariffs(supplier_id, day=form.day_wanted, visible_to=request.user)
    if form.purpose_wanted:
        rows = [row for row in rows if row.usage_purpose_code in ("", form.purpose_wanted)]
    return _dated(request, supplier, "tariff_prices", rows, form)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def norms(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    form = TariffFilterForm(request.GET, purposes=suppliers.usage_purposes(supplier_id))
    rows = lists.norms(supplier_id, day=form.day_wanted, visible_to=request.user)
    if form.purpose_wanted:
        rows = [row for row in rows if row.usage_purpose_code in ("", form.purpose_wanted)]
    months = [formats.month_short(Month(today_of(request, supplier).year, number)) for number in range(1, 13)]
    return _dated(
        request,
        supplier,
        "tariff_norms",
        rows,
        form,
        in_words=lambda row: list(zip(months, row.monthly_m3, strict=True)),
    )


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def factors(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    form = TariffFilterForm(request.GET)
    rows = lists.factors(supplier_id, day=form.day_wanted, visible_to=request.user)
    return _dated(request, supplier, "tariff_factors", rows, form)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def benefits(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    page = frame(request, supplier, "tariff_benefits")
    page["benefits"] = found = lists.benefits(supplier_id, day=page["today"], visible_to=request.user)
    page["history"] = history_of(*(f"benefit:{row.id}" for row in found), supplier_id=supplier_id)
    return render(request, "office/tariff_benefits.html", page)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def policies(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    page = frame(request, supplier, "tariff_policies")
    month = Month.of(page["today"])
    found = policies_of(supplier_id, visible_to=request.user)
    page["policies"] = [(row, row.holds_in(month)) for row in found]
    return render(request, "office/tariff_policies.html", page)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def law(request: HttpRequest, supplier_id: int) -> HttpResponse:
    """Show what acts set for everybody: it is loaded from files with their sources, and never typed here."""
    supplier = supplier_in_sight(request, supplier_id)
    today = today_of(request, supplier)
    found = tariffs.penalty_law()
    this_year, next_year = dt.date(today.year, 1, 1), dt.date(today.year + 1, 1, 1)
    page = {
        **frame(request, supplier, "tariff_law"),
        "law": found,
        "key_rates": list(reversed(found.key_rates)),
        "key_rate": found.key_rate_on(today),
        "cap": found.cap_on(today),
        "steps": found.steps_on(today),
        "moratorium": found.moratorium_on(today),
        "caps": _with_last_days(found.caps),
        "moratoria": _with_last_days(found.moratoria),
        "vat_rates": _with_last_days(tariffs.vat_rates(since=dt.date.min, until=dt.date.max)),
        "terms": pay_by_terms(supplier_id),
        "calendar": [
            (this_year.year, moved_days(since=this_year, until=next_year)),
            (next_year.year, moved_days(since=next_year, until=dt.date(today.year + 2, 1, 1))),
        ],
    }
    return render(request, "office/tariff_law.html", page)


def _dated(
    request: HttpRequest,
    supplier: SupplierCard,
    kind: str,
    rows: Sequence[Any],
    form: TariffFilterForm,
    in_words: Callable[[Any], Any] = lambda row: None,
) -> HttpResponse:
    """Show rows by whether they hold on the day: today, unless another one was asked for.

    in_words  what else is said of a row
    """
    page = frame(request, supplier, kind)
    page |= {
        "form": form,
        "is_filtered": bool(form.day_wanted or form.purpose_wanted),
        "groups": _groups([(row, in_words(row)) for row in rows], page["today"], form.day_wanted),
        "corrections": corrections.wanted(request, supplier),
        "history": history_of(*(f"{SUBJECTS[kind]}:{row.id}" for row in rows), supplier_id=supplier.id),
    }
    return render(request, f"office/{kind}.html", page)


def _with_last_days(rows: Sequence[Any]) -> list[LawRow]:
    return [
        LawRow(row, row.valid_from, row.valid_until and row.valid_until - ONE_DAY)
        for row in sorted(rows, key=lambda row: row.valid_from, reverse=True)
    ]


def _groups(rows: Sequence[tuple[Any, Any]], today: dt.date, day: dt.date | None) -> list[Group]:
    if day is not None:
        return [Group("", rows)] if rows else []
    groups = [
        Group(_("Действуют сегодня"), [pair for pair in rows if pair[0].holds_on(today)]),
        Group(_("Начнут действовать"), [pair for pair in rows if pair[0].valid_from > today]),
        Group(
            _("Закончились"),
            [pair for pair in rows if pair[0].valid_from <= today and not pair[0].holds_on(today)],
        ),
    ]
    return [group for group in groups if group.rows]
