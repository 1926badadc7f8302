"""«Оплатить несколько счетов»: choose, look at the sums, pay; then the payments of one press."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.common.errors import Refusal
from kabinet.payments import queries as payments
from kabinet.payments.queries import AmountTooLarge
from kabinet.payments.queries.baskets import Plan, basket_card, plan
from kabinet.payments.usecases.start_basket import start_basket
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import navigation_of
from kabinet.web.cabinet.forms.pay import BasketForm, BasketPressForm
from kabinet.web.cabinet.views.pay import go_to_gateway, leads_to_gateway


@signed_in
@require_http_methods(["GET", "POST"])
@leads_to_gateway
def choose(request: HttpRequest) -> HttpResponse:
    """The choice comes by GET, so that it can be looked at, gone back from and corrected; the press comes by POST."""
    accounts = navigation_of(request).accounts
    offers = payments.offers(accounts, user=request.user, now=request.now)
    form = BasketForm(
        request.POST or request.GET or None,
        accounts=[account for account in accounts if account.key in offers],
        debtors=[key for key, offer in offers.items() if offer.has_debt],
    )
    page = {
        "form": form,
        "rows": [(account, offers[account.key], *fields) for account, *fields in form.rows],
        "closed": [account for account in accounts if account.key not in offers],
    }
    if "correct" in request.GET or not form.is_valid():
        return render(request, "cabinet/basket_choose.html", page)
    press = BasketPressForm(request.POST or None, chosen=form.chosen)
    try:
        if press.is_valid():
            try:
                return _start(request, form, press)
            except Refusal as refusal:
                press.refuse(refusal)
        planned, methods = _plan(request, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return render(request, "cabinet/basket_choose.html", page)
    confirm = {
        "form": press,
        "plan": planned,
        "methods": methods,
        "choice": _choice(form),
        "request_id": press.data.get("request_id") or uuid4(),
    }
    return render(request, "cabinet/basket_confirm.html", confirm)


@signed_in
@require_safe
@leads_to_gateway
def basket(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return render(request, "cabinet/basket.html", {"basket": basket_card(request_id, visible_to=request.user)})


def _start(request: HttpRequest, form: BasketForm, press: BasketPressForm) -> HttpResponse:
    """Make the payments; on to the first of them, or to all of them where the gateway of the first is silent."""
    made = start_basket(wishes=form.wishes, actor=request.user, now=request.now, **press.cleaned_data)
    if made[0].can_be_continued or len(made) == 1:
        return go_to_gateway(made[0])
    return redirect("cabinet:basket", press.cleaned_data["request_id"])


def _plan(request: HttpRequest, form: BasketForm) -> tuple[Plan, list[str]]:
    """Give the plan, and by which methods all of it may be paid. Raises Refusal when there is none."""
    about = {"payer": request.user, "now": request.now}
    try:
        planned, methods = plan(form.wishes, form.accounts, **about), [""]
    except AmountTooLarge:
        planned, methods = plan(form.wishes, form.accounts, method="sbp", **about), []
    if all(payment.shop.takes_sbp for payment in planned.payments):
        methods.append("sbp")
    return planned, methods


def _choice(form: BasketForm) -> dict[str, str]:
    """Give the choice as hidden fields, for the press and for the way back."""
    fields = {}
    for account in form.chosen:
        fields[f"pay_{account.key}"] = "on"
        fields[f"sum_{account.key}"] = form.data.get(f"sum_{account.key}", "")
    return fields
