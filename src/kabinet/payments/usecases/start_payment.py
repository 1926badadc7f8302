"""Start a payment: the customer presses «Оплатить»."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts import queries as account_queries
from kabinet.accounts.models import Account
from kabinet.charges import queries as charges
from kabinet.charges.rules import spread_payment
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal, Unavailable
from kabinet.common.month import Month
from kabinet.payments import queries, rules
from kabinet.payments.gateways import Order, yookassa
from kabinet.payments.models import Basket, Payment, PaymentShare, Shop
from kabinet.payments.usecases.send_intent import send_intent
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers

log = structlog.get_logger(__name__)


class ShopClosed(Refusal):
    code = "shop-closed"
    message = _("Поставщик пока не принимает оплату онлайн. Оплатите по квитанции: реквизиты и код для банка на ней.")


class AmountChanged(Refusal):
    code = "amount-changed"
    message = _(
        "Сумма изменилась: было %(shown_rub)s\u00a0₽, теперь %(amount_rub)s\u00a0₽. "
        "Проверьте и нажмите «Оплатить» ещё раз."
    )


class PaidJustNow(Refusal):
    code = "paid-just-now"
    message = _(
        "По этому счёту уже есть недавний платёж на %(recent_rub)s\u00a0₽. "
        "Если нужен ещё один, нажмите «Оплатить» ещё раз."
    )


def start_payment(
    *,
    supplier_id: int,
    account_id: int,
    mode: str,
    own_sum_rub: Decimal | None = None,
    shown_amount_rub: Decimal,
    knows_of_recent: bool,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Payment:
    """Write the intent, send it, store the answer: three steps, each write a transaction of its own.

    mode              debt: what is owed now; with_reading: that and what readings not yet charged will cost; own_sum
    own_sum_rub       what the account is to get, for own_sum only
    shown_amount_rub  what the form has shown as the whole sum, commission included
    knows_of_recent   the payer has been shown a payment that this one may repeat by mistake
    request_id        the same id of the same person again gives the first payment back, and sends nothing anew

    When the gateway does not answer, the payment comes back `intended` without an address: nobody can pay it yet,
    `continue_payment` and the poll repeat it. Raises the refusals above; NotFound for a stranger's account.
    Source: docs/adr/0052.
    """
    payment, is_new = _intend(
        supplier_id=supplier_id,
        account_id=account_id,
        mode=mode,
        own_sum_rub=own_sum_rub,
        shown_amount_rub=shown_amount_rub,
        knows_of_recent=knows_of_recent,
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
def _intend(
    *,
    supplier_id: int,
    account_id: int,
    mode: str,
    own_sum_rub: Decimal | None,
    shown_amount_rub: Decimal,
    knows_of_recent: bool,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> tuple[Payment, bool]:
    account = accounts.lock_account(supplier_id, account_id, visible_to=actor)
    if earlier := queries.payment_by_request(actor, request_id):
        return earlier, False

    card = account_queries.account_card(supplier_id, account_id, visible_to=actor)
    offer = queries.offer(card, suppliers.supplier_card(supplier_id), user=actor, now=now)
    shop = queries.open_shop(supplier_id)
    if offer is None or shop is None:
        raise ShopClosed
    quote = offer.quote_for(mode, _shared_rub(mode, own_sum_rub, offer, account))
    if quote.amount_rub != shown_amount_rub:
        raise AmountChanged(shown_rub=shown_amount_rub, amount_rub=quote.amount_rub)
    if offer.recent and not knows_of_recent:
        raise PaidJustNow(recent_rub=offer.recent.amount_rub)

    period = offer.current_period if mode == Payment.Mode.WITH_READING else offer.period
    return _write(account, shop, quote, mode=mode, period=period, request_id=request_id, actor=actor, now=now), True


def _shared_rub(mode: str, own_sum_rub: Decimal | None, offer: queries.Offer, account: Account) -> Decimal:
    """Say what the account is to get, by the books as they are under the lock."""
    if mode == Payment.Mode.OWN_SUM:
        if own_sum_rub is None:
            raise ValueError("own_sum needs own_sum_rub")
        return own_sum_rub
    if mode == Payment.Mode.WITH_READING:
        return offer.debt_rub + charges.uncharged_estimate_rub(account.supplier_id, account.id)
    return offer.debt_rub


def _write(
    account: Account,
    shop: Shop,
    quote: rules.Quote,
    *,
    mode: str,
    period: Month,
    request_id: UUID,
    actor: User,
    now: dt.datetime,
) -> Payment:
    public_id, supplier_id = uuid4(), account.supplier_id
    shares = spread_payment(
        quote.shared_rub,
        charges.unpaid_charges(supplier_id, account.id),
        main_service_id=suppliers.main_service_id(supplier_id),
    )
    order = Order(
        public_id=public_id,
        amount_rub=quote.amount_rub,
        description=str(_("Оплата по лицевому счёту %(number)s")) % {"number": account.number},
        return_url=settings.PUBLIC_URL + reverse("cabinet:payment_return", args=[public_id]),
        customer_ref=f"u-{actor.pk}",
        metadata={
            "supplier": str(supplier_id),
            "mode": mode,
            "period": str(period),
            "commission": str(quote.commission_rub),
            "shares": ";".join(f"{account.id}.{service_id}={part_rub}" for service_id, part_rub in shares),
        },
    )
    payment = Payment.objects.create(
        supplier_id=supplier_id,
        shop=shop,
        basket=Basket.objects.create(user=actor, request_id=request_id, created_at=now),
        public_id=public_id,
        mode=mode,
        period=period,
        amount_rub=quote.amount_rub,
        commission_rub=quote.commission_rub,
        shared_rub=quote.shared_rub,
        idempotency_key=uuid4(),
        request_body=yookassa.request_body(order),
        created_at=now,
        expires_at=now + rules.PAYMENT_LIFE,
        next_check_at=now + rules.FIRST_CHECK,
    )
    PaymentShare.objects.bulk_create(
        PaymentShare(
            supplier_id=supplier_id, payment=payment, account=account, service_id=service_id, amount_rub=part_rub
        )
        for service_id, part_rub in shares
    )
    return payment
