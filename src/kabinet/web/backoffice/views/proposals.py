"""Documents that lower what an account owes: which wait, what one would do, and what a second person decides."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.charges import queries as charges
from kabinet.charges.queries import ProposalCard
from kabinet.charges.usecases.approve_document import approve_document
from kabinet.charges.usecases.decline_document import decline_document
from kabinet.charges.usecases.withdraw_document import withdraw_document
from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import DeclineForm
from kabinet.web.backoffice.forms.filters import ProposalFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.ui import formats

LISTING = Listing(
    key="proposals",
    title=_lazy("Списания и корректировки"),
    template="office/proposal_list.html",
    order="-asked",
    columns=(
        Column("asked", _lazy("Предложено"), lambda row: row.asked_at, sorts="-"),
        Column("account", _lazy("Лицевой счёт"), lambda row: row.account_number, sorts="+"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name, sorts="+"),
        Column("kind", _lazy("Документ"), lambda row: row.kind_name, sorts="+"),
        Column("reason", _lazy("Причина"), lambda row: row.reason),
        Column("state", _lazy("Состояние"), lambda row: row.state_label, sorts="+"),
        Column("amount", _lazy("Сумма"), lambda row: row.amount_rub, sorts="+", is_number=True),
        Column("service", _lazy("Услуга"), lambda row: row.service_name, in_file_only=True),
        Column("by", _lazy("Кто предложил"), lambda row: row.asked_by, in_file_only=True),
        Column("decided", _lazy("Решено"), lambda row: row.decided_at, in_file_only=True),
        Column("decided_by", _lazy("Кто решил"), lambda row: row.decided_by, in_file_only=True),
        Column("note", _lazy("Пояснение"), lambda row: row.note, in_file_only=True),
    ),
)


@office("proposals", rights.APPROVE_ADJUSTMENTS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    suppliers = suppliers_for_staff(rights.APPROVE_ADJUSTMENTS, visible_to=request.user)
    form = ProposalFilterForm(request.GET, suppliers=suppliers)
    read = partial(charges.proposals_for_staff, visible_to=request.user, **form.wanted)
    return show_list(request, LISTING, form, read, without=form.columns_without_use)


@office("proposals", rights.APPROVE_ADJUSTMENTS)
@require_safe
def detail(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    return _show(request, charges.proposal_for_staff(supplier_id, proposal_id, visible_to=request.user))


@office("proposals", rights.APPROVE_ADJUSTMENTS)
@require_POST
def approve(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    """Have a document written that somebody else has proposed. Its page has said what the account will owe."""

    def said(decided: Any) -> None:
        if decided.note:
            messages.warning(request, _("Провести уже нельзя: %(why)s") % {"why": decided.note})
        else:
            messages.success(request, _("Документ проведён."))

    return _decide(request, approve_document, supplier_id, proposal_id, said)


@office("proposals", rights.ADJUST_CHARGES)
@require_POST
def withdraw(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    return _decide(
        request,
        withdraw_document,
        supplier_id,
        proposal_id,
        lambda decided: messages.success(request, _("Документ отозван: счёт не изменился.")),
    )


@office("proposals", rights.APPROVE_ADJUSTMENTS)
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    proposal = charges.proposal_for_staff(supplier_id, proposal_id, visible_to=request.user)

    def do(given: dict[str, Any]) -> HttpResponse:
        decline_document(supplier_id=supplier_id, proposal_id=proposal_id, actor=request.user, now=request.now, **given)
        messages.success(request, _("Документ отклонён: счёт не изменился."))
        return redirect("office:proposal", supplier_id, proposal_id)

    act = Act(
        title=_("Отклонить документ"),
        about=f"{formats.account_number(proposal.account_number)} · {proposal.service_name}",
        back_url=reverse("office:proposal", args=[supplier_id, proposal_id]),
        facts=[
            (proposal.kind_name.capitalize(), formats.rub(proposal.amount_rub, signed=True)),
            (_("Предложил"), proposal.asked_by),
        ],
        submit=_("Отклонить"),
    )
    return one_step(request, DeclineForm(request.POST or None), act, do=do)


def _decide(
    request: HttpRequest,
    usecase: Callable[..., Any],
    supplier_id: int,
    proposal_id: int,
    said: Callable[[Any], None],
) -> HttpResponse:
    proposal = charges.proposal_for_staff(supplier_id, proposal_id, visible_to=request.user)
    try:
        decided = usecase(supplier_id=supplier_id, proposal_id=proposal_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _show(request, proposal, refusal)
    said(decided)
    return redirect("office:proposal", supplier_id, proposal_id)


def _show(request: HttpRequest, proposal: ProposalCard, refusal: Refusal | None = None) -> HttpResponse:
    page = {
        "proposal": proposal,
        "debt": charges.debt_with(proposal) if proposal.waits else None,
        "refusal": refusal,
        "history": history_of(f"proposal:{proposal.id}", supplier_id=proposal.supplier_id),
    }
    return render(request, "office/proposal_detail.html", page, status=422 if refusal else 200)
