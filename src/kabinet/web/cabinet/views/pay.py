"""«Оплата онлайн»: three ways to the same button."""

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import Estimate
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.meters import queries as meters
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.meters.rules import ReadingWindow
from kabinet.meters.usecases.submit_reading import ReadingBelowPrevious
from kabinet.payments import queries as payments
from kabinet.payments.queries import NothingToPay, Offer
from kabinet.payments.queries.baskets import unpaid_periods
from kabinet.payments.rules import Quote, advance_rub
from kabinet.payments.usecases.hand_in_readings import GivenReading, hand_in_readings
from kabinet.payments.usecases.pay_with_reading import ReadingKept, pay_with_reading
from kabinet.payments.usecases.start_payment import start_payment
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import account_here
from kabinet.web.cabinet.forms.pay import HandInForm, OwnSumForm, PayForm, ReadingsForm
from kabinet.web.cabinet.views.readings import Dial, dials_of
from kabinet.web.ui import formats

if TYPE_CHECKING:
    from kabinet.payments.models import Payment
    from kabinet.payments.queries import PaymentCard

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Till:
    """What every way of paying begins with."""

    account: AccountCard
    supplier: SupplierCard
    offer: Offer
    today: dt.date


@dataclass(frozen=True)
class PricedReading:
    """A reading that was typed, and what it will cost; the sum is None while no price is known."""

    field: str
    meter: MeterCard
    scale: ScaleCard
    value_m3: Decimal
    estimate: Estimate


def leads_to_gateway(view: View) -> View:
    """Let the forms of this page alone end at the gateway's page, which `form-action 'self'` forbids."""

    @functools.wraps(view)
    def allowed(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return csp_update({"form-action": list(payments.hosted_page_origins())})(view)(*args, **kwargs)

    return allowed


def at_the_till(view: View) -> View:
    """Give the view a Till, or say that this supplier takes no money online yet. A stranger's account is 404."""

    @functools.wraps(view)
    def standing(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponseBase:
        account = account_here(request, supplier_id, account_id)
        supplier = suppliers.supplier_card(supplier_id)
        offer = payments.offer(account, user=request.user, now=request.now)
        if offer is None:
            return render(request, "cabinet/pay_closed.html", {"account": account, "supplier": supplier})
        return view(request, Till(account, supplier, offer, suppliers.local_day(request.now, supplier)))

    return standing


@signed_in
@require_safe
@at_the_till
def choose(request: HttpRequest, till: Till) -> HttpResponse:
    return _choose(request, till)


@signed_in
@require_http_methods(["GET", "POST"])
@leads_to_gateway
@at_the_till
def debt(request: HttpRequest, till: Till) -> HttpResponse:
    form = PayForm(request.POST or None)
    if form.is_valid():
        try:
            return go_to_gateway(start_payment(mode="debt", **_press(request, till, form)))
        except Refusal as refusal:
            form.refuse(refusal)
    try:
        ways = till.offer.ways("debt", till.offer.debt_rub)
    except Refusal as refusal:
        return _choose(request, till, refusal)
    return _confirm(request, till, form, ways, {})


@signed_in
@require_http_methods(["GET", "POST"])
@leads_to_gateway
@at_the_till
def own_sum(request: HttpRequest, till: Till) -> HttpResponse:
    """The sum comes by GET, so that it can be looked at, gone back from and corrected; the press comes by POST."""
    unpaid = unpaid_periods(till.account.supplier_id, till.account.id)
    sum_form = OwnSumForm(request.POST or request.GET or None, unpaid_periods=unpaid)
    form = PayForm(request.POST or None)
    if not sum_form.is_valid():
        return _ask_sum(request, till, sum_form)
    own_sum_rub, named = sum_form.cleaned_data["amount_rub"], sum_form.cleaned_data.get("named_period")
    wish = {"mode": "own_sum", "own_sum_rub": own_sum_rub, "named_period": named}
    try:
        ways = till.offer.ways("own_sum", own_sum_rub)
        if form.is_valid():
            return go_to_gateway(start_payment(**wish, **_press(request, till, form)))
    except Refusal as refusal:
        if refusal.field in ("amount_rub", "named_period"):
            sum_form.refuse(refusal)
            return _ask_sum(request, till, sum_form)
        form.refuse(refusal)
    values = {"amount_rub": own_sum_rub} | ({"named_period": named} if named else {})
    return _confirm(request, till, form, ways, values, named_period=named)


@signed_in
@require_http_methods(["GET", "POST"])
@leads_to_gateway
@at_the_till
def with_reading(request: HttpRequest, till: Till) -> HttpResponse:
    """Ask for readings; show what they cost; hand them in and pay: three pages of one address.

    When an advance covers what they cost there is nothing to pay, and they can be handed in all the same. Meters whose
    readings do not count now are not asked for; when there is no other, the page says why.
    """
    account = till.account
    window = meters.reading_window(till.supplier, till.today)
    dials = dials_of(
        account,
        meters.meters_of_account(account),
        window,
        supplier=till.supplier,
        user_id=request.user.pk,
        today=till.today,
        back="readings",
    )
    form = ReadingsForm(request.POST or None, scales=[(dial.meter, dial.scale) for dial in dials if not dial.reason])
    ask = functools.partial(_ask_readings, request, till, form, dials=dials, window=window)
    pay_form = PayForm(request.POST if "pay" in request.POST else None)
    hand_in_form = HandInForm(request.POST if "hand_in" in request.POST else None)
    if not form.is_valid() or "correct" in request.POST:
        return ask()
    try:
        readings = _priced(till, form)
        due_rub = _due_rub(account) + _cost_rub(readings)
        if pay_form.is_valid():
            return go_to_gateway(pay_with_reading(**_given(till, form), **_press(request, till, pay_form)))
        if hand_in_form.is_valid():
            return _hand_in(request, till, form, hand_in_form)
    except ReadingKept as refusal:
        pay_form.refuse(refusal)
        due_rub = _due_rub(account)
    except Refusal as refusal:
        form.refuse(refusal)
        return ask()
    values = {name: request.POST[name] for name in ("confirmed", "rolled_over", *form.scales) if request.POST.get(name)}
    try:
        ways = till.offer.ways("with_reading", due_rub)
    except NothingToPay as refusal:
        if pay_form.errors:
            return _choose(request, till, refusal, kept=[str(said) for said in pay_form.non_field_errors()])
        page = {
            "account": till.account,
            "readings": readings,
            "values": values,
            "left_rub": -due_rub,
            "gives_back": _cost_rub(readings) < 0,
        }
        return render(request, "cabinet/pay_covered.html", {**page, "request_id": uuid4()})
    except Refusal as refusal:
        return _choose(request, till, refusal, kept=[str(said) for said in pay_form.non_field_errors()])
    return _confirm(request, till, pay_form, ways, values, readings=readings)


def _hand_in(request: HttpRequest, till: Till, form: ReadingsForm, press: HandInForm) -> HttpResponse:
    hand_in_readings(
        supplier_id=till.account.supplier_id,
        request_id=press.cleaned_data["request_id"],
        actor=request.user,
        now=request.now,
        **_given(till, form),
    )
    messages.success(request, _("Показание принято. Платить не нужно: расход покроет аванс."))
    return redirect("cabinet:readings", till.account.supplier_id, till.account.id)


def _due_rub(account: AccountCard) -> Decimal:
    """Say what is owed now together with readings that are handed in and not charged yet."""
    key = account.supplier_id, account.id
    return ledger.balance_rub(*key) + charges.uncharged_estimate_rub(*key)


def _cost_rub(readings: Sequence[PricedReading]) -> Decimal:
    """Sum what typed readings will cost; nothing for those without a price."""
    return sum((item.estimate.amount_rub or ZERO for item in readings), ZERO)


def _given(till: Till, form: ReadingsForm) -> dict[str, Any]:
    return {
        "readings": [GivenReading(meter.id, scale.id, value_m3, name) for name, meter, scale, value_m3 in form.given],
        "taken_on": till.today,
        "confirmed": form.cleaned_data["confirmed"],
        "rolled_over": form.cleaned_data["rolled_over"],
    }


def _press(request: HttpRequest, till: Till, form: PayForm) -> dict[str, Any]:
    """Give what every way tells the use-case."""
    return {
        "supplier_id": till.account.supplier_id,
        "account_id": till.account.id,
        "actor": request.user,
        "now": request.now,
        **form.cleaned_data,
    }


def go_to_gateway(payment: "Payment | PaymentCard") -> HttpResponse:
    """Send the payer to the gateway; to the payment's own page for a code, or when there is no address to go to."""
    if payment.can_be_continued and payment.sbp_link:
        return redirect("cabinet:payment_return", payment.public_id)
    if payment.can_be_continued:
        return redirect(payment.confirmation_url)
    return redirect("cabinet:payment", payment.public_id)


def _priced(till: Till, form: ReadingsForm) -> list[PricedReading]:
    """Say what the typed readings will cost. Raises ReadingBelowPrevious at the field of the first that is below."""
    estimates = charges.estimates(
        [charges.TypedReading(meter, scale, value_m3, till.today) for _name, meter, scale, value_m3 in form.given]
    )
    found = []
    for (field, meter, scale, value_m3), estimate in zip(form.given, estimates, strict=True):
        if estimate is None:
            refusal = ReadingBelowPrevious(
                previous_m3=formats.number(scale.previous_m3 or ZERO),
                previous_on=scale.previous_on and formats.day(scale.previous_on),
            )
            refusal.field = field
            raise refusal
        found.append(PricedReading(field, meter, scale, value_m3, estimate))
    return found


def _choose(request: HttpRequest, till: Till, refusal: Refusal | None = None, kept: Sequence[str] = ()) -> HttpResponse:
    page = {"till": till, "account": till.account, "refusal": refusal, "kept": kept}
    return render(request, "cabinet/pay_choose.html", page)


def _ask_sum(request: HttpRequest, till: Till, form: OwnSumForm) -> HttpResponse:
    return render(request, "cabinet/pay_own_sum.html", {"till": till, "account": till.account, "form": form})


def _ask_readings(
    request: HttpRequest, till: Till, form: ReadingsForm, *, dials: Sequence[Dial], window: ReadingWindow
) -> HttpResponse:
    page = {
        "till": till,
        "account": till.account,
        "supplier": till.supplier,
        "form": form,
        "dial": dials[0] if dials else None,
        "window": window,
        "handed_in_rub": charges.uncharged_estimate_rub(till.account.supplier_id, till.account.id),
        "due_rub": _due_rub(till.account),
    }
    return render(request, "cabinet/pay_with_reading.html", page)


def _confirm(
    request: HttpRequest,
    till: Till,
    form: PayForm,
    ways: tuple[Quote, list[str]],
    values: dict[str, Any],
    readings: Sequence[PricedReading] = (),
    named_period: Month | None = None,
) -> HttpResponse:
    """Show whom, for what and how much, before the button; after a refusal with the sums as they are now."""
    quote, methods = ways
    page = {
        "till": till,
        "account": till.account,
        "form": form,
        "quote": quote,
        "methods": methods,
        "values": values,
        "readings": readings,
        "named_period": named_period,
        "period": named_period or (till.offer.current_period if readings else till.offer.period),
        "advance_rub": advance_rub(quote.shared_rub, till.offer.debt_rub) if not readings else ZERO,
        "before_rub": quote.shared_rub - _cost_rub(readings),
        "request_id": form.data.get("request_id") or uuid4(),
    }
    return render(request, "cabinet/pay_confirm.html", page)
