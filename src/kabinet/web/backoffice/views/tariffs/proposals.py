"""Proposed prices, norms, factors, benefits: what waits, what it would do, and what a second person decides."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.people.rules import rights
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs.queries.proposals import TermsProposalCard, terms_proposal, terms_proposals
from kabinet.tariffs.usecases.approve_terms import Approved, approve_terms
from kabinet.tariffs.usecases.decline_terms import decline_terms
from kabinet.tariffs.usecases.try_terms import try_terms
from kabinet.tariffs.usecases.withdraw_terms import withdraw_terms
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import DeclineForm
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.backoffice.views.tariffs.corrections import after, touched
from kabinet.web.backoffice.views.tariffs.order_loading import named_lines
from kabinet.web.backoffice.views.tariffs.scope import frame, supplier_in_sight
from kabinet.web.backoffice.views.tariffs.shown import days_of, facts_of, giving_way

#: Where what was approved stands.
LISTS = {
    "price": "office:tariff_prices",
    "order": "office:tariff_prices",
    "norm": "office:tariff_norms",
    "factor": "office:tariff_factors",
    "benefit": "office:tariff_benefits",
}


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def proposals(request: HttpRequest, supplier_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    page = frame(request, supplier, "tariff_proposals")
    page["proposals"] = terms_proposals(supplier_id, visible_to=request.user)
    return render(request, "office/tariff_proposals.html", page)


@office("tariffs", rights.SEE_TARIFFS)
@require_safe
def proposal(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    return _show(request, supplier, terms_proposal(supplier_id, proposal_id, visible_to=request.user))


@office("tariffs", rights.APPROVE_TARIFFS)
@require_POST
def approve(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    """Let terms hold that somebody else has proposed, and lead to the months that they touch."""

    def said(decided: Approved, asked: TermsProposalCard) -> HttpResponse:
        if decided.proposal.note:
            messages.warning(request, _("Подтвердить уже нельзя: %(why)s") % {"why": decided.proposal.note})
            return redirect("office:tariff_proposal", supplier_id, proposal_id)
        messages.success(request, _("Подтверждено: следующие начисления пойдут по этому."))
        list_url = reverse(LISTS[asked.subject], args=[supplier_id])
        return redirect(after(list_url, decided.affected_since, reason=asked.source))

    return _decide(request, approve_terms, supplier_id, proposal_id, said)


@office("tariffs", rights.SET_TARIFFS)
@require_POST
def withdraw(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    def said(decided: Any, asked: TermsProposalCard) -> HttpResponse:
        messages.success(request, _("Отозвано: ничего не изменилось."))
        return redirect("office:tariff_proposal", supplier_id, proposal_id)

    return _decide(request, withdraw_terms, supplier_id, proposal_id, said)


@office("tariffs", rights.APPROVE_TARIFFS)
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, supplier_id: int, proposal_id: int) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id, rights.APPROVE_TARIFFS)
    asked = terms_proposal(supplier_id, proposal_id, visible_to=request.user)

    def do(given: dict[str, Any]) -> HttpResponse:
        decline_terms(supplier_id=supplier_id, proposal_id=proposal_id, actor=request.user, now=request.now, **given)
        messages.success(request, _("Отклонено: ничего не изменилось."))
        return redirect("office:tariff_proposal", supplier_id, proposal_id)

    act = Act(
        title=_("Отклонить предложенное"),
        about=supplier.name,
        back_url=reverse("office:tariff_proposal", args=[supplier_id, proposal_id]),
        facts=[(asked.subject_name.capitalize(), asked.source), (_("Кто предложил"), asked.asked_by)],
        submit=_("Отклонить"),
    )
    return one_step(request, DeclineForm(request.POST or None), act, do=do)


def _decide(
    request: HttpRequest,
    usecase: Callable[..., Any],
    supplier_id: int,
    proposal_id: int,
    said: Callable[[Any, TermsProposalCard], HttpResponse],
) -> HttpResponse:
    supplier = supplier_in_sight(request, supplier_id)
    asked = terms_proposal(supplier_id, proposal_id, visible_to=request.user)
    try:
        decided = usecase(supplier_id=supplier_id, proposal_id=proposal_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _show(request, supplier, asked, refusal)
    return said(decided, asked)


def _show(
    request: HttpRequest, supplier: SupplierCard, asked: TermsProposalCard, refusal: Refusal | None = None
) -> HttpResponse:
    """Show what was proposed; while it waits, also what it would do now, or why it no longer fits."""
    outcome: Any = None
    does_not_fit = ""
    if asked.waits:
        try:
            outcome = try_terms(supplier_id=supplier.id, proposal_id=asked.id, actor=request.user, now=request.now)
        except Refusal as no_longer_fits:
            does_not_fit = str(no_longer_fits)
    is_order = asked.subject == "order"
    given = asked.values
    facts = [] if is_order else facts_of(supplier.id, asked.subject, given, outcome and outcome.row)
    if outcome and not is_order and outcome.gave_way:
        facts.append(giving_way(given))
    page = {
        "supplier": supplier,
        "proposal": asked,
        "refusal": refusal,
        "does_not_fit": does_not_fit,
        "sentence": days_of(given) if "valid_from" in given else "",
        "facts": facts,
        "lines": named_lines(supplier, outcome.new) if outcome and is_order else [],
        "touched": touched(request, supplier, outcome.affected_since if outcome else None),
        "may_decide": asked.can_be_decided and request.office.staff.may_at(rights.APPROVE_TARIFFS, supplier.id),
        "history": history_of(f"terms_proposal:{asked.id}", supplier_id=supplier.id),
    }
    return render(request, "office/tariff_proposal.html", page, status=422 if refusal else 200)
