"""Write intents: shares, key and the exact bytes, before anything leaves; and rebuild one that a gateway remembers."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.accounts import operations as accounts
from kabinet.accounts.models import Account
from kabinet.charges import queries as charges
from kabinet.charges.rules import spread_payment
from kabinet.common.days import local_day
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO, split_in_proportion
from kabinet.common.month import Month
from kabinet.payments import rules
from kabinet.payments.gateways import Order, Recipient, RemotePayment, UtilitiesOrder, registry
from kabinet.payments.models import Autopay, Basket, Payment, PaymentShare, Shop
from kabinet.payments.operations import receipts
from kabinet.payments.operations.receipts import Share
from kabinet.payments.operations.settling import learn, lock_payment
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.models import Service

_SHARE = re.compile(r"(\d{1,18})\.(\d{1,18})=(\d{1,10}\.\d{2})", re.ASCII)


class RecipientMissing(Exception):
    """The supplier has no bank details that a payment order could name."""


@dataclass(frozen=True)
class Part:
    """What one locked account is to get of a payment."""

    account: Account
    amount_rub: Decimal


@transaction_required
def write_intent(
    shop: Shop,
    basket: Basket,
    parts: Sequence[Part],
    *,
    mode: str,
    period: Month,
    commission_rub: Decimal = ZERO,
    named_period: Month | None = None,
    method: str = "",
    position: int = 1,
    autopay: Autopay | None = None,
    keeps_method: bool = False,
    saved_method: str = "",
    seed: UUID | None = None,
    now: dt.datetime,
) -> Payment:
    """Write a payment that is about to be sent, with its shares, its cheque and the bytes.

    position      which of its basket's payments it is
    named_period  the month that is settled first; None: the oldest charge first
    saved_method  the gateway's name of a card that is charged without a person
    seed          what its number and its key are derived from: after a restore from an older copy the same charge is
                  written again as the same one, and the gateway answers with the first; None makes new ones

    Raises receipts.TermsMissing, RecipientMissing.
    """
    shares = [share for part in parts for share in _shares(shop.supplier_id, part, named_period)]
    shared_rub = sum((part.amount_rub for part in parts), ZERO)
    payment = Payment(
        supplier_id=shop.supplier_id,
        shop=shop,
        basket=basket,
        position=position,
        autopay=autopay,
        public_id=uuid5(seed, "number") if seed else uuid4(),
        mode=mode,
        method=method,
        period=period,
        named_period=named_period,
        amount_rub=shared_rub + commission_rub,
        commission_rub=commission_rub,
        shared_rub=shared_rub,
        keeps_method=keeps_method,
        idempotency_key=uuid5(seed, "key") if seed else uuid4(),
        created_at=now,
        expires_at=now + rules.PAYMENT_LIFE,
        next_check_at=now + rules.FIRST_CHECK,
    )
    lines = (
        receipts.lines_of(shop, shares, commission_rub=commission_rub, period=period, now=now)
        if shop.sends_receipts
        else []
    )
    order = Order(
        public_id=payment.public_id,
        amount_rub=payment.amount_rub,
        description=_description([part.account.number for part in parts]),
        return_url=settings.PUBLIC_URL + reverse("cabinet:payment_return", args=[payment.public_id]),
        customer_ref=f"u-{basket.user_id}",
        metadata=_metadata(payment, shares),
        method=method,
        is_two_stage=shop.is_two_stage,
        keeps_method=keeps_method,
        saved_method=saved_method,
        utilities=_utilities_order(parts[0].account, period) if shop.sends_payment_order else None,
        receipt=receipts.order_of(lines, customer_email=basket.user.email) if lines else None,
    )
    payment.request_body = registry.dialect_of(shop.gateway).payment_body(order)
    payment.save()
    _save_shares(payment, [(share.account.id, share.service_id, share.amount_rub) for share in shares])
    if lines:
        receipts.write_receipt(shop.supplier_id, lines, payment=payment, now=now)
    return payment


@transaction_required
def write_binding(account: Account, autopay: Autopay, quote: rules.Quote, *, now: dt.datetime) -> Payment:
    """Write the first payment of a standing order: its payer makes it, and lets the card be charged again."""
    return _write_of_autopay(account, autopay, quote, request_id=autopay.request_id, keeps_method=True, now=now)


@transaction_required
def write_autopay(
    account: Account, autopay: Autopay, *, shared_rub: Decimal, request_id: UUID, now: dt.datetime
) -> Payment:
    """Write a charge of the saved card, which needs no person."""
    quote = rules.quote(shared_rub, autopay.shop.payer_commission_percent)
    return _write_of_autopay(account, autopay, quote, request_id=request_id, saved_method=autopay.method_id, now=now)


@transaction_required
def rebuild(shop: Shop, told: RemotePayment, *, now: dt.datetime) -> Payment | None:
    """Make the payment anew that a gateway remembers and our database, restored from an older copy, does not.

    None when the metadata is not ours, or names a person or an account that is not here either: then what came is
    foreign. A payment that is here already is given as it is. What the gateway tells of it is learnt at once.
    """
    if told.public_id is None or told.metadata.get("supplier") != str(shop.supplier_id):
        return None
    here = Payment.objects.filter(supplier_id=shop.supplier_id, public_id=told.public_id).first()
    if here is not None:
        return here
    try:
        remembered = _Remembered.of(told.metadata)
        user = User.objects.get(pk=remembered.user_id)
        services = set(Service.objects.filter(supplier_id=shop.supplier_id).values_list("id", flat=True))
        if not services.issuperset(service_id for _account, service_id, _amount in remembered.shares):
            return None
        accounts.lock_accounts([(shop.supplier_id, account_id) for account_id, *_rest in remembered.shares])
    except (KeyError, ValueError, InvalidOperation, User.DoesNotExist, NotFound):
        return None
    basket, _is_new = Basket.objects.get_or_create(
        user=user, request_id=remembered.request_id, defaults={"created_at": now}
    )
    shared_rub = sum((amount_rub for *_ids, amount_rub in remembered.shares), ZERO)
    payment = Payment.objects.create(
        supplier_id=shop.supplier_id,
        shop=shop,
        basket=basket,
        position=remembered.position,
        autopay=Autopay.objects.filter(supplier_id=shop.supplier_id, pk=remembered.autopay_id or 0).first(),
        public_id=told.public_id,
        mode=remembered.mode,
        method=remembered.method,
        period=remembered.period,
        named_period=remembered.named_period,
        amount_rub=shared_rub + remembered.commission_rub,
        commission_rub=remembered.commission_rub,
        shared_rub=shared_rub,
        keeps_method=remembered.keeps_method,
        state=rules.OPEN,
        idempotency_key=uuid4(),
        gateway_payment_id=told.id,
        created_at=now,
        expires_at=told.expires_at or now + rules.PAYMENT_LIFE,
        next_check_at=now,
    )
    _save_shares(payment, remembered.shares)
    payment = lock_payment(shop.supplier_id, payment.id)
    if shop.is_two_stage and told.state == rules.PAID and told.amount_rub < payment.amount_rub:
        take_less(payment, told.amount_rub)
    learn(payment, told, now=now)
    return payment


@transaction_required
def take_less(payment: Payment, amount_rub: Decimal) -> None:
    """Scale a locked payment down to the part of a hold that is taken: shares and commission in proportion, exactly."""
    shares = list(payment.shares.filter(supplier_id=payment.supplier_id).order_by("id"))
    *parts, commission_rub = split_in_proportion(
        amount_rub, [*(share.amount_rub for share in shares), payment.commission_rub]
    )
    for share, part_rub in zip(shares, parts, strict=True):
        if part_rub:
            share.amount_rub = part_rub
            share.save(update_fields=["amount_rub"])
        else:
            share.delete()
    payment.held_rub = payment.amount_rub
    payment.amount_rub = amount_rub
    payment.commission_rub = commission_rub
    payment.shared_rub = amount_rub - commission_rub
    payment.save()


def _write_of_autopay(
    account: Account,
    autopay: Autopay,
    quote: rules.Quote,
    *,
    request_id: UUID,
    keeps_method: bool = False,
    saved_method: str = "",
    now: dt.datetime,
) -> Payment:
    return write_intent(
        autopay.shop,
        Basket.objects.create(user=autopay.user, request_id=request_id, created_at=now),
        [Part(account, quote.shared_rub)],
        mode=Payment.Mode.DEBT,
        period=Month.of(local_day(now, autopay.supplier.time_zone)).previous(),
        commission_rub=quote.commission_rub,
        autopay=autopay,
        keeps_method=keeps_method,
        saved_method=saved_method,
        seed=request_id if saved_method else None,
        now=now,
    )


def _shares(supplier_id: int, part: Part, named_period: Month | None) -> list[Share]:
    unpaid = charges.unpaid_charges(supplier_id, part.account.id)
    spread = spread_payment(
        part.amount_rub, unpaid, main_service_id=suppliers.main_service_id(supplier_id), named=named_period
    )
    return [
        Share(
            part.account,
            service_id,
            amount_rub,
            owed_rub=sum((item.amount_rub for item in unpaid if item.service_id == service_id), ZERO),
        )
        for service_id, amount_rub in spread
    ]


def _save_shares(payment: Payment, shares: Sequence[tuple[int, int, Decimal]]) -> None:
    PaymentShare.objects.bulk_create(
        PaymentShare(
            supplier_id=payment.supplier_id,
            payment=payment,
            account_id=account_id,
            service_id=service_id,
            amount_rub=amount_rub,
        )
        for account_id, service_id, amount_rub in shares
    )


def _description(numbers: Sequence[str]) -> str:
    if len(numbers) == 1:
        return _("Оплата по лицевому счёту %(number)s") % {"number": numbers[0]}
    return _("Оплата по лицевым счетам %(numbers)s") % {"numbers": ", ".join(numbers)}


def _utilities_order(account: Account, period: Month) -> UtilitiesOrder:
    supplier = suppliers.supplier_card(account.supplier_id)
    details = next((row for row in suppliers.bank_details(supplier.id) if not row.is_for_agents), None)
    if details is None:
        raise RecipientMissing(f"supplier {supplier.id}")
    return UtilitiesOrder(
        purpose=f"Оплата по лицевому счёту {account.number} за {period.month:02}.{period.year}",
        recipient=Recipient(
            name=supplier.full_name,
            inn=supplier.inn,
            kpp=supplier.kpp,
            bank_name=details.bank_name,
            bic=details.bic,
            account=details.account_number,
            correspondent_account=details.correspondent_account,
        ),
        account_number=account.number,
        period=period,
    )


def _metadata(payment: Payment, shares: Sequence[Share]) -> dict[str, str]:
    """Say what is needed to rebuild the payment, in ids alone: no name, no address, no number of an account."""
    told = {
        "supplier": payment.supplier_id,
        "user": payment.basket.user_id,
        "request": payment.basket.request_id,
        "position": payment.position,
        "mode": payment.mode,
        "method": payment.method,
        "period": payment.period,
        "named": payment.named_period or "",
        "autopay": payment.autopay_id or "",
        "binds": 1 if payment.keeps_method else "",
        "commission": payment.commission_rub,
        "shares": ";".join(f"{share.account.id}.{share.service_id}={share.amount_rub}" for share in shares),
    }
    return {name: str(value) for name, value in told.items() if value != ""}


@dataclass(frozen=True)
class _Remembered:
    """What the metadata of a payment says of it."""

    user_id: int
    request_id: UUID
    position: int
    mode: str
    method: str
    period: Month
    named_period: Month | None
    autopay_id: int | None
    keeps_method: bool
    commission_rub: Decimal
    shares: Sequence[tuple[int, int, Decimal]]

    @classmethod
    def of(cls, metadata: Mapping[str, str]) -> "_Remembered":
        """Read it back. Raises KeyError, ValueError, InvalidOperation for what we have not written."""
        shares = [_SHARE.fullmatch(text) for text in metadata["shares"].split(";")]
        if not all(shares):
            raise ValueError("shares")
        return cls(
            user_id=int(metadata["user"]),
            request_id=UUID(metadata["request"]),
            position=int(metadata["position"]),
            mode=Payment.Mode(metadata["mode"]),
            method=Payment.Method(metadata.get("method", "")),
            period=Month.parse(metadata["period"]),
            named_period=Month.parse(metadata["named"]) if "named" in metadata else None,
            autopay_id=int(metadata["autopay"]) if "autopay" in metadata else None,
            keeps_method="binds" in metadata,
            commission_rub=Decimal(metadata["commission"]),
            shares=[(int(share[1]), int(share[2]), Decimal(share[3])) for share in shares if share],
        )
