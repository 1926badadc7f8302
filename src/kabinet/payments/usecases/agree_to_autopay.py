"""Agree to a standing order: the first payment, made by the payer, binds the card."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts import queries as account_queries
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal, Unavailable
from kabinet.payments import queries, rules
from kabinet.payments.models import Autopay, Payment
from kabinet.payments.operations import intents
from kabinet.payments.operations.autopay import lock_autopay, switch_off
from kabinet.payments.queries.autopay import can_have_autopay
from kabinet.payments.usecases.send_intent import send_intent
from kabinet.people.models import User
from kabinet.people.queries.documents import current_document

log = structlog.get_logger(__name__)


class AutopayNotOffered(Refusal):
    code = "autopay-not-offered"
    message = _("По этому счёту автоплатёж не подключить. Оплатить его можно в любой день.")


class AutopayIsOn(Refusal):
    code = "autopay-is-on"
    message = _("Автоплатёж по этому счёту уже включён. Чтобы изменить его, сначала выключите прежний.")


class ConsentChanged(Refusal):
    code = "autopay-consent-changed"
    field = "agrees"
    message = _("Пока Вы читали, текст согласия обновился. Прочитайте его и отметьте поле ещё раз.")


class CapOutOfRange(Refusal):
    code = "autopay-cap"
    field = "cap_rub"
    message = _("Укажите от %(least_rub)s до %(greatest_rub)s\u00a0₽.")


def agree_to_autopay(
    *,
    supplier_id: int,
    account_id: int,
    day: int,
    cap_rub: Decimal,
    first_sum_rub: Decimal,
    consent_version: int,
    visitor_address: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Payment:
    """Keep the consent, and start the payment that binds the card; the order is on once that payment is paid.

    day              of the month, 1–28
    cap_rub          the most that one charge may take
    first_sum_rub    what the first payment brings to the account
    consent_version  the text that was shown and agreed to
    request_id       the same id again gives the first payment back

    Raises the refusals above, those of `start_payment` about sums; NotFound for a stranger's account.
    """
    payment, is_new = _agree(
        supplier_id=supplier_id,
        account_id=account_id,
        day=day,
        cap_rub=cap_rub,
        first_sum_rub=first_sum_rub,
        consent_version=consent_version,
        visitor_address=visitor_address,
        request_id=request_id,
        actor=actor,
        now=now,
    )
    if payment.state != rules.INTENDED:
        return payment
    try:
        return send_intent(supplier_id=supplier_id, payment_id=payment.id, is_first=is_new, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", payment_id=payment.id, supplier_id=supplier_id, reason=str(reason))
        return payment


@usecase
def _agree(
    *,
    supplier_id: int,
    account_id: int,
    day: int,
    cap_rub: Decimal,
    first_sum_rub: Decimal,
    consent_version: int,
    visitor_address: str,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> tuple[Payment, bool]:
    account = accounts.lock_account(supplier_id, account_id, visible_to=actor)
    if earlier := queries.payments_by_request(actor, request_id):
        return earlier[0], False

    card = account_queries.account_card(supplier_id, account_id, visible_to=actor)
    offer = queries.offer(card, user=actor, now=now)
    if offer is None or not can_have_autopay(card):
        raise AutopayNotOffered
    consent = current_document("autopay")
    if consent.version != consent_version:
        raise ConsentChanged
    shop = offer.shop
    if not shop.least_amount_rub <= cap_rub <= shop.greatest_amount_rub:
        raise CapOutOfRange(least_rub=shop.least_amount_rub, greatest_rub=shop.greatest_amount_rub)
    quote = offer.quote_for(Payment.Mode.OWN_SUM, first_sum_rub)
    _make_room(supplier_id, account_id, actor, now=now)

    autopay = Autopay.objects.create(
        supplier_id=supplier_id,
        account=account,
        user=actor,
        shop=shop,
        cap_rub=cap_rub,
        day=day,
        request_id=request_id,
        consent_version=consent.version,
        consent_sha256=consent.sha256,
        consented_at=now,
        consented_from=visitor_address or None,
    )
    audit.note(
        action="autopay.agreed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"autopay:{autopay.id}",
        details={"consent": consent.version, "day": day},
    )
    return intents.write_binding(account, autopay, quote, now=now), True


def _make_room(supplier_id: int, account_id: int, actor: User, *, now: dt.datetime) -> None:
    """Let an order that never came to be give way to a new one; one that is on stays. Raises AutopayIsOn."""
    found = Autopay.objects.filter(supplier_id=supplier_id, account_id=account_id, user=actor)
    earlier = found.exclude(state=Autopay.State.OFF).values_list("id", flat=True).first()
    if earlier is None:
        return
    autopay = lock_autopay(supplier_id, earlier)
    if autopay.state == Autopay.State.ON:
        raise AutopayIsOn
    switch_off(autopay, Autopay.OffReason.NOT_BOUND, now=now)
