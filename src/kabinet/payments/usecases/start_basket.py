"""Start a basket: the customer presses «Оплатить» for one account or for several."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations as accounts
from kabinet.accounts import queries as account_queries
from kabinet.accounts.models import Account
from kabinet.common import fault_points
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal, Unavailable
from kabinet.payments import queries, rules
from kabinet.payments.models import Basket, Payment
from kabinet.payments.operations import intents
from kabinet.payments.operations.intents import Part, RecipientMissing
from kabinet.payments.operations.receipts import TermsMissing
from kabinet.payments.queries import ShopClosed
from kabinet.payments.queries.baskets import PlannedPayment, Wish, plan
from kabinet.payments.usecases.send_intent import send_intent
from kabinet.people.models import User

log = structlog.get_logger(__name__)


class AmountChanged(Refusal):
    code = "amount-changed"
    message = _(
        "Сумма изменилась: было %(shown_rub)s\u00a0₽, теперь %(amount_rub)s\u00a0₽. "
        "Проверьте и нажмите «Оплатить» ещё раз."
    )


class SharesChanged(Refusal):
    code = "shares-changed"
    message = _("Долг по счетам изменился, хотя вместе столько же. Проверьте суммы и нажмите «Оплатить» ещё раз.")


class PaidJustNow(Refusal):
    code = "paid-just-now"
    message = _(
        "По этому счёту уже есть недавний платёж на %(recent_rub)s\u00a0₽. "
        "Если нужен ещё один, нажмите «Оплатить» ещё раз."
    )


def start_basket(
    *,
    wishes: Sequence[Wish],
    shown_amount_rub: Decimal,
    shown_parts_rub: Sequence[Decimal] = (),
    knows_of_recent: bool,
    request_id: UUID,
    method: str = "",
    actor: User,
    now: dt.datetime,
) -> list[Payment]:
    """Write the intents, all in one transaction; send the first and store the answer.

    Money goes to each supplier's own shop, so there is a payment for every shop, and for every account where the shop
    must name it. The others are sent when the payer goes on (`continue_payment`), or by the poll.

    shown_amount_rub  what the form has shown as the whole sum, commission included
    shown_parts_rub   what it has shown for each wish; may be left out where there is only one
    knows_of_recent   the payer has been shown a payment that this one may repeat by mistake
    method            "" lets the payer choose at the gateway's page; "sbp" wants a code of the fast payment system
    request_id        the same id of the same person again gives the first payments back, and writes nothing anew

    When the gateway does not answer, a payment comes back `intended` without an address: nobody can pay it yet. Raises
    the refusals above and those of `plan`; NotFound for a stranger's account.
    Source: docs/adr/0052, docs/adr/0080.
    """
    payments, is_new = _intend(
        wishes=wishes,
        shown_amount_rub=shown_amount_rub,
        shown_parts_rub=shown_parts_rub,
        knows_of_recent=knows_of_recent,
        request_id=request_id,
        method=method,
        actor=actor,
        now=now,
    )
    first = payments[0]
    if first.state != rules.INTENDED:
        return payments
    try:
        first = send_intent(supplier_id=first.supplier_id, payment_id=first.id, is_first=is_new, now=now)
    except Unavailable as reason:
        log.warning("gateway_unavailable", payment_id=first.id, supplier_id=first.supplier_id, reason=str(reason))
    return [first, *payments[1:]]


@usecase
def _intend(
    *,
    wishes: Sequence[Wish],
    shown_amount_rub: Decimal,
    shown_parts_rub: Sequence[Decimal],
    knows_of_recent: bool,
    request_id: UUID,
    method: str,
    actor: User,
    now: dt.datetime,
) -> tuple[list[Payment], bool]:
    keys = [(wish.supplier_id, wish.account_id) for wish in wishes]
    locked = dict(zip(keys, accounts.lock_accounts(keys, visible_to=actor), strict=True))
    if earlier := queries.payments_by_request(actor, request_id):
        return earlier, False

    planned = plan(wishes, account_queries.accounts_of(actor), method=method, payer=actor, now=now)
    if planned.amount_rub != shown_amount_rub:
        raise AmountChanged(shown_rub=shown_amount_rub, amount_rub=planned.amount_rub)
    if shown_parts_rub and dict(zip(keys, shown_parts_rub, strict=True)) != planned.amounts_rub:
        raise SharesChanged
    if planned.recent and not knows_of_recent:
        raise PaidJustNow(recent_rub=planned.recent.amount_rub)

    basket = Basket.objects.create(user=actor, request_id=request_id, created_at=now)
    try:
        payments = [
            _write(payment, basket, locked, position=position, method=method, now=now)
            for position, payment in enumerate(planned.payments, start=1)
        ]
    except (TermsMissing, RecipientMissing) as missing:
        log.error("shop_cannot_take_money", what=type(missing).__name__, about=str(missing))
        raise ShopClosed from missing
    fault_points.reach("intending")
    return payments, True


def _write(
    planned: PlannedPayment,
    basket: Basket,
    locked: dict[tuple[int, int], Account],
    *,
    position: int,
    method: str,
    now: dt.datetime,
) -> Payment:
    return intents.write_intent(
        planned.shop,
        basket,
        [Part(locked[part.account.supplier_id, part.account.id], part.amount_rub) for part in planned.parts],
        mode=planned.mode,
        period=planned.period,
        commission_rub=planned.quote.commission_rub,
        named_period=planned.named_period,
        method=method,
        position=position,
        now=now,
    )
