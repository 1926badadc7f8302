"""What staff do with the money of one payment: take what is held or let it go, give back, write what a bank took."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.payments.queries.office import StaffPaymentCard, payment_for_staff
from kabinet.payments.usecases.capture_payment import MoreThanHeld, capture_payment
from kabinet.payments.usecases.record_chargeback import ChargebackTooLarge, record_chargeback
from kabinet.payments.usecases.refund_payment import RefundTooLarge, RefundTooSmall, refund_payment
from kabinet.payments.usecases.release_payment import release_payment
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.acts import CaptureForm, ChargebackForm, RefundForm, ReleaseForm
from kabinet.web.backoffice.views.acts import Act, Check, request_id, two_steps
from kabinet.web.ui import formats


@office("payments", rights.CAPTURE_PAYMENT)
@require_http_methods(["GET", "POST"])
def capture(request: HttpRequest, public_id: UUID) -> HttpResponse:
    payment = payment_for_staff(public_id, visible_to=request.user)
    form = CaptureForm(request.POST or None, initial={"amount_rub": payment.amount_rub, **request_id()})

    def check(given: dict[str, Any]) -> Check:
        if given["amount_rub"] > payment.amount_rub:
            raise MoreThanHeld(held_rub=payment.amount_rub)
        return Check(
            amount_rub=given["amount_rub"],
            sentence=_("Спишем с плательщика %(sum)s и зачислим на счёт %(numbers)s. Остальное банк ему отпустит.")
            % {"sum": formats.rub(given["amount_rub"]), "numbers": _numbers(payment)},
            submit=_("Списать %(sum)s") % {"sum": formats.rub(given["amount_rub"])},
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        capture_payment(**_of(payment), **given, actor=request.user, now=request.now)
        messages.success(request, _("Передали платёжной системе: списать деньги."))
        return redirect("office:payment", public_id)

    act = _act(payment, _("Списать заблокированные деньги"), [(_("Заблокировано"), formats.rub(payment.amount_rub))])
    return two_steps(request, form, act, check=check, do=do)


@office("payments", rights.CAPTURE_PAYMENT)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    payment = payment_for_staff(public_id, visible_to=request.user)
    form = ReleaseForm(request.POST or None, initial=request_id())

    def check(given: dict[str, Any]) -> Check:
        return Check(
            amount_rub=payment.amount_rub,
            sentence=_("Отпустим %(sum)s плательщику. На счёт %(numbers)s ничего не придёт.")
            % {"sum": formats.rub(payment.amount_rub), "numbers": _numbers(payment)},
            submit=_("Отпустить %(sum)s") % {"sum": formats.rub(payment.amount_rub)},
            is_danger=True,
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        release_payment(**_of(payment), **given, actor=request.user, now=request.now)
        messages.success(request, _("Передали платёжной системе: отпустить деньги."))
        return redirect("office:payment", public_id)

    act = _act(payment, _("Отпустить заблокированные деньги"), [(_("Заблокировано"), formats.rub(payment.amount_rub))])
    return two_steps(request, form, act, check=check, do=do)


@office("payments", rights.REFUND_PAYMENT)
@require_http_methods(["GET", "POST"])
def refund(request: HttpRequest, public_id: UUID) -> HttpResponse:
    payment = payment_for_staff(public_id, visible_to=request.user)
    initial = {"amount_rub": payment.left_rub, **request_id()}
    form = RefundForm(request.POST or None, shares=payment.shares, initial=initial)

    def check(given: dict[str, Any]) -> Check:
        amount_rub = given["amount_rub"]
        if amount_rub <= 0:
            raise RefundTooSmall
        if amount_rub > payment.left_rub:
            raise RefundTooLarge(left_rub=payment.left_rub)
        return Check(
            amount_rub=amount_rub,
            sentence=_("Вернём %(sum)s плательщику, туда, откуда он платил. Счёт %(numbers)s снова будет их должен.")
            % {"sum": formats.rub(amount_rub), "numbers": _numbers(payment)},
            submit=_("Вернуть %(sum)s") % {"sum": formats.rub(amount_rub)},
            facts=[(_("Почему"), given["note"]), *_second_person(payment, amount_rub)],
            is_danger=True,
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        made = refund_payment(
            **_of(payment),
            amount_rub=given["amount_rub"],
            shares_rub=form.shares_rub,
            note=given["note"],
            request_id=given["request_id"],
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Возврат записан. Ниже видно, что с ним сейчас."))
        return redirect("office:refund", made.public_id)

    facts = [
        (_("Оплачено"), formats.rub(payment.amount_rub)),
        (_("Можно вернуть"), formats.rub(payment.left_rub)),
        (_("Чем оплачено"), payment.method_title or payment.shop_label),
    ]
    return two_steps(request, form, _act(payment, _("Вернуть деньги"), facts), check=check, do=do)


@office("payments", rights.REFUND_PAYMENT)
@require_http_methods(["GET", "POST"])
def chargeback(request: HttpRequest, public_id: UUID) -> HttpResponse:
    payment = payment_for_staff(public_id, visible_to=request.user)
    form = ChargebackForm(request.POST or None, initial={"amount_rub": payment.left_rub})

    def check(given: dict[str, Any]) -> Check:
        if given["amount_rub"] > payment.left_rub:
            raise ChargebackTooLarge(left_rub=payment.left_rub)
        return Check(
            amount_rub=given["amount_rub"],
            sentence=_("Запишем, что банк отозвал %(sum)s. Счёт %(numbers)s снова будет их должен.")
            % {"sum": formats.rub(given["amount_rub"]), "numbers": _numbers(payment)},
            submit=_("Записать отзыв"),
            facts=[(_("Номер"), given["reference"]), (_("Когда"), formats.day(given["came_on"]))],
            is_danger=True,
        )

    def do(given: dict[str, Any]) -> HttpResponse:
        record_chargeback(**_of(payment), **given, actor=request.user, now=request.now)
        messages.success(request, _("Отзыв записан, счёт снова должен эту сумму."))
        return redirect("office:payment", public_id)

    facts = [(_("Осталось по платежу"), formats.rub(payment.left_rub))]
    return two_steps(request, form, _act(payment, _("Записать отзыв банком"), facts), check=check, do=do)


def _act(payment: StaffPaymentCard, title: str, facts: list[tuple[str, str]]) -> Act:
    about = f"{payment.supplier_name} · {_numbers(payment)}"
    return Act(title, about, reverse("office:payment", args=[payment.public_id]), facts)


def _second_person(payment: StaffPaymentCard, amount_rub: Any) -> list[tuple[str, str]]:
    if amount_rub <= payment.refund_alone_rub:
        return []
    limit = formats.rub(payment.refund_alone_rub)
    return [(_("Второй сотрудник"), _("подтвердит: сумма больше %(limit)s") % {"limit": limit})]


def _numbers(payment: StaffPaymentCard) -> str:
    return ", ".join(formats.account_number(number) for number in payment.account_numbers)


def _of(payment: StaffPaymentCard) -> dict[str, int]:
    return {"supplier_id": payment.supplier_id, "payment_id": payment.id}
