"""«Автоплатёж»: agree to a standing order for an account, see what it did, cancel a charge, switch it off."""

from uuid import uuid4

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.queries import autopay as queries
from kabinet.payments.usecases.agree_to_autopay import agree_to_autopay
from kabinet.payments.usecases.cancel_autopay_charge import cancel_autopay_charge
from kabinet.payments.usecases.stop_autopay import stop_autopay
from kabinet.people.queries.documents import current_document
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import account_here
from kabinet.web.cabinet.forms.autopay import AutopayForm
from kabinet.web.cabinet.views.pay import Till, at_the_till, leads_to_gateway
from kabinet.web.ui import formats

USUAL_DAY = 10


@signed_in
@require_safe
def autopay(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = account_here(request, supplier_id, account_id)
    page = {
        "account": account,
        "autopay": queries.autopay_of_account(supplier_id, account_id, visible_to=request.user),
        "is_offered": queries.can_have_autopay(account),
    }
    return render(request, "cabinet/autopay.html", page)


@signed_in
@require_http_methods(["GET", "POST"])
@leads_to_gateway
@at_the_till
@reauthentication_required
def agree(request: HttpRequest, till: Till) -> HttpResponse:
    """Ask for the day, the cap and the consent; the card is bound by a first payment on the gateway's page."""
    if not queries.can_have_autopay(till.account):
        return redirect("cabinet:autopay", till.account.supplier_id, till.account.id)
    form = AutopayForm(request.POST or None, initial=_proposal(till))
    if form.is_valid():
        try:
            payment = agree_to_autopay(
                supplier_id=till.account.supplier_id,
                account_id=till.account.id,
                day=form.cleaned_data["day"],
                cap_rub=form.cleaned_data["cap_rub"],
                first_sum_rub=form.cleaned_data["first_sum_rub"],
                consent_version=form.cleaned_data["consent_version"],
                visitor_address=request.visitor_address,
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if payment.can_be_continued:
                return redirect(payment.confirmation_url)
            return redirect("cabinet:payment", payment.public_id)
    return render(request, "cabinet/autopay_agree.html", {"account": till.account, "till": till, "form": form})


@signed_in
@require_POST
def stop(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    stop_autopay(
        supplier_id=supplier_id,
        autopay_id=_own(request, supplier_id, account_id).id,
        actor=request.user,
        now=request.now,
    )
    messages.success(request, _("Автоплатёж выключен."))
    return redirect("cabinet:autopay", supplier_id, account_id)


@signed_in
@require_POST
def cancel(request: HttpRequest, supplier_id: int, account_id: int, charge_id: int) -> HttpResponse:
    try:
        cancel_autopay_charge(
            supplier_id=supplier_id,
            autopay_id=_own(request, supplier_id, account_id).id,
            charge_id=charge_id,
            actor=request.user,
            now=request.now,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Списание отменено. В следующем месяце автоплатёж продолжится."))
    return redirect("cabinet:autopay", supplier_id, account_id)


def _own(request: HttpRequest, supplier_id: int, account_id: int) -> queries.AutopayCard:
    found = queries.autopay_of_account(supplier_id, account_id, visible_to=request.user)
    if found is None:
        raise NotFound
    return found


def _proposal(till: Till) -> dict[str, object]:
    """Propose the debt as the first payment, or the least sum; and a cap that an ordinary winter month fits into."""
    first_rub = till.offer.debt_rub if till.offer.has_debt else till.offer.least_rub
    return {
        "first_sum_rub": formats.number(first_rub, places=2),
        "day": USUAL_DAY,
        "cap_rub": formats.number(till.offer.greatest_own_rub, places=2),
        "consent_version": current_document("autopay").version,
        "request_id": uuid4(),
    }
