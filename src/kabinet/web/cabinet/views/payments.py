"""Payments that were made: the list of an account, one payment, and the way back from the gateway's page."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.accounts import queries as accounts
from kabinet.payments import queries as payments
from kabinet.payments.queries import PaymentCard
from kabinet.payments.queries.history import payments_of_person
from kabinet.payments.queries.path import path_of
from kabinet.payments.queries.receipts import receipt_card
from kabinet.payments.usecases.come_back import come_back
from kabinet.payments.usecases.continue_payment import continue_payment
from kabinet.people.queries.second_factor import is_offered_second_factor
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import navigation_of
from kabinet.web.cabinet.forms.pay import HistoryForm
from kabinet.web.cabinet.views.pay import go_to_gateway, leads_to_gateway
from kabinet.web.ui.codes import picture_code

#: How often the page that waits asks again, and for how long: then it promises a letter.
ASK_AGAIN_S = 2
LAST_TRY = 30
#: By a code one pays on another device: to find the telephone and the bank on it takes longer.
LAST_TRY_BY_CODE = 150

_NOT_ENOUGH = _("На карте не хватило денег или исчерпан её лимит. Возьмите другую карту или внесите меньшую сумму.")
_WRONG_CARD = _("Данные карты не подошли. Проверьте номер, срок и код и попробуйте ещё раз.")
_BANK_SAID_NO = _(
    "Банк не разрешил эту оплату. Возьмите другую карту, заплатите через СБП или спросите в банке, почему он отказал."
)
_TIME_RAN_OUT = _("Время на оплату истекло. Деньги не списаны, можно начать заново.")
_TRY_LATER = _("Платёжная система не смогла провести оплату. Деньги не списаны. Попробуйте позже или другим способом.")

#: What to do, by the gateway's word for the reason. A word that is not here is answered with «попробуйте позже».
ADVICE: dict[str, Promise] = {
    **dict.fromkeys(["insufficient_funds", "payment_method_limit_exceeded"], _NOT_ENOUGH),
    **dict.fromkeys(["card_expired", "invalid_card_number", "invalid_csc"], _WRONG_CARD),
    **dict.fromkeys(
        [
            "3d_secure_failed",
            "call_issuer",
            "fraud_suspected",
            "payment_method_restricted",
            "country_forbidden",
            "identification_required",
        ],
        _BANK_SAID_NO,
    ),
    **dict.fromkeys(["expired_on_confirmation", "expired_on_capture", "deal_expired"], _TIME_RAN_OUT),
    "page_lost": _("Страница оплаты потерялась по дороге, поэтому мы её закрыли. Деньги не списаны, начните заново."),
    "canceled_by_merchant": _("Поставщик отменил этот платёж. Деньги не списаны."),
    "permission_revoked": _("Разрешение на списание отозвано. Деньги не списаны."),
    "unsupported_mobile_operator": _("Ваш оператор связи не проводит такие платежи. Выберите другой способ."),
}


@signed_in
@require_safe
def overview(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    page = {
        "account": accounts.account_card(supplier_id, account_id, visible_to=request.user),
        "payments": payments.payments_of_account(
            supplier_id, account_id, visible_to=request.user, page=_count(request.GET.get("page", ""), otherwise=1)
        ),
    }
    return render(request, "cabinet/payment_list.html", page)


@signed_in
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All payments of a person, over all accounts."""
    own = navigation_of(request).accounts
    form = HistoryForm(request.GET, accounts=own, this_year=request.now.year)
    form.is_valid()
    narrowed = {name: form.cleaned_data.get(name) for name in ("account", "state", "year")}
    found = payments_of_person(
        own,
        visible_to=request.user,
        account=next((account for account in own if account.key == narrowed["account"]), None),
        state=narrowed["state"] or "",
        year=narrowed["year"],
        page=_count(request.GET.get("page", ""), otherwise=1),
    )
    kept = urlencode({name: value for name, value in narrowed.items() if value})
    page = {"form": form, "payments": found, "kept": kept, "is_narrowed": bool(kept), "accounts": own}
    return render(request, "cabinet/payment_history.html", page)


@signed_in
@require_safe
@leads_to_gateway
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _show(request, payments.payment_card(public_id, visible_to=request.user))


@signed_in
@require_safe
@leads_to_gateway
def came_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what is known, and ask again for a minute. Nothing in the address is believed; `try` only counts."""
    payment = come_back(public_id=public_id, actor=request.user, now=request.now)
    if payment.is_settled or payment.is_held:
        return _show(request, payment)
    next_try = _count(request.GET.get("try", ""), otherwise=0) + 1
    if next_try > (LAST_TRY_BY_CODE if payment.sbp_link else LAST_TRY):
        return _show(request, payment, waited=True)
    next_url = f"{reverse('cabinet:payment_return', args=[public_id])}?try={next_try}"
    return _show(request, payment, next_url=next_url, ask_again_s=ASK_AGAIN_S)


@signed_in
@require_POST
@leads_to_gateway
def go_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lead on to the gateway's page, after trying again if the gateway did not answer before."""
    payment = continue_payment(public_id=public_id, actor=request.user, now=request.now)
    return go_to_gateway(payment)


def _count(text: str, *, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else otherwise


def _pay_again_url(payment: PaymentCard) -> str:
    """Lead back to what was not paid: the debt as it is now, or the same sum for what readings and wishes made it."""
    account = payment.supplier_id, payment.account_id
    if payment.is_of_debt:
        return reverse("cabinet:pay_debt", args=account)
    return f"{reverse('cabinet:pay_own_sum', args=account)}?{urlencode({'amount_rub': payment.shared_rub})}"


def _show(request: HttpRequest, payment: PaymentCard, **waiting: Any) -> HttpResponse:
    page = {
        "payment": payment,
        "pay_again_url": _pay_again_url(payment),
        "advice": ADVICE.get(payment.failure_reason, _TRY_LATER),
        "offers_second_factor": payment.is_paid and is_offered_second_factor(request.user),
        "is_attached": accounts.is_attached(payment.supplier_id, payment.account_id, request.user),
        "code": picture_code(payment.sbp_link) if payment.sbp_link and payment.can_be_continued else "",
        "path": path_of(payment),
        "receipt": receipt_card(payment.supplier_id, payment.id) if payment.is_paid else None,
        **waiting,
    }
    return render(request, "cabinet/payment_detail.html", page)
