"""Bills of an account by month, and the proof of a payment: gathered from what other apps have computed and stored."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from kabinet.accounts import queries as accounts
from kabinet.accounts.models import Account
from kabinet.accounts.queries import AccountCard
from kabinet.bills.formats import bill as bill_format
from kabinet.bills.formats import payment_proof as proof_format
from kabinet.bills.formats.bill import Bill, BillLine, MonthVolume, Payee, Payer, Requisites
from kabinet.bills.formats.payment_proof import PaymentProof, ProofShare
from kabinet.charges import queries as charges
from kabinet.charges.models import Charge
from kabinet.charges.rules import MeteredLine, PriceMissing
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.ledger.queries import StatementMonth
from kabinet.meters import queries as meters
from kabinet.meters.models import Reading
from kabinet.meters.queries import MeterCard, ScaleCard
from kabinet.payments import queries as payments
from kabinet.payments.queries import PaymentCard
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.tariffs import queries as tariffs

MONTHS_LISTED = 36
MONTHS_IN_CHART = 12


@dataclass(frozen=True)
class BillMonth:
    """A bill in the list. is_blank: the month is not charged yet, and the sheet is to be filled in by hand."""

    period: Month
    charged_rub: Decimal
    paid_rub: Decimal
    closing_rub: Decimal
    is_blank: bool

    @property
    def has_debt(self) -> bool:
        return self.closing_rub > 0


def bill_months(supplier_id: int, account_id: int, *, visible_to: User, now: dt.datetime) -> list[BillMonth]:
    """Give the months of the last three years that have a bill, newest first; the present one too while it is open.

    Raises NotFound for a stranger, FullAccessRequired for somebody who has not proven the account.
    """
    account = accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    this_month = _this_month(suppliers.supplier_card(supplier_id), now)
    statement = ledger.statement(
        supplier_id, account_id, since=this_month.plus(1 - MONTHS_LISTED), until=this_month.next()
    )
    return [
        BillMonth(
            period=month.period,
            charged_rub=month.charged_rub,
            paid_rub=month.paid_rub,
            closing_rub=month.closing_rub,
            is_blank=month.period == this_month and not month.charged_rub,
        )
        for month in reversed(statement)
        if _has_moved(month) or (month.period == this_month and not account.is_closed)
    ]


def bill_pdf(supplier_id: int, account_id: int, period: Month, *, visible_to: User, now: dt.datetime) -> bytes:
    """Typeset the bill of a month. Raises as `bill`."""
    return bill_format.render(bill(supplier_id, account_id, period, visible_to=visible_to, now=now))


def bill(supplier_id: int, account_id: int, period: Month, *, visible_to: User, now: dt.datetime) -> Bill:
    """Gather the bill of a month: of a past one as it was charged, of the present one as a sheet to fill in.

    What has been paid since the last charged month is taken off its bill, so that nobody pays twice.

    Raises NotFound for a stranger, for a month to come and for one in which nothing was; FullAccessRequired.
    """
    card = accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(now, supplier)
    this_month = Month.of(today)
    if period > this_month:
        raise NotFound

    lines = list(_charged_lines(supplier_id, account_id, period))
    is_latest = (charges.last_charged_period(supplier_id, account_id) or period) <= period
    until = this_month if is_latest else period
    statement = ledger.statement(supplier_id, account_id, since=period, until=until.next())
    is_blank = period == this_month and not lines
    if is_blank:
        lines = list(_open_lines(card, period, today=today))
    elif not lines and not any(_has_moved(month) for month in statement):
        raise NotFound

    account = Account.objects.get(supplier_id=supplier_id, id=account_id)
    services = ledger.balances_by_service(supplier_id, account_id) if is_latest else []
    owed = [(service.name.lower(), service.balance_rub) for service in services if service.balance_rub]
    return Bill(
        payee=_payee(supplier),
        requisites=_requisites(supplier_id),
        account_number=card.number,
        payer=Payer(card.payer_name, card.address, account.residents_count, account.area_m2),
        period=period,
        counted_on=today if is_latest else period.next().first_day,
        made_at=now,
        lines=lines,
        opening_rub=statement[-1].closing_rub if is_blank else statement[0].opening_rub,
        charged_rub=sum((month.charged_rub for month in statement), ZERO),
        paid_rub=sum((month.paid_rub for month in statement), ZERO),
        adjusted_rub=sum((month.adjusted_rub for month in statement), ZERO),
        closing_rub=statement[-1].closing_rub,
        pay_by=None if is_blank else suppliers.pay_by(supplier_id, period),
        is_latest=is_latest,
        is_blank=is_blank,
        due_by_service=owed if len(owed) > 1 else [],
        volumes=[
            MonthVolume(month.period, month.volume_m3)
            for month in meters.monthly_consumption(
                supplier_id, account_id, meters.months_until(period, MONTHS_IN_CHART)
            )
        ],
    )


def payment_proof_pdf(public_id: UUID, *, visible_to: User) -> bytes:
    """Typeset the proof of a payment for the person who made it. Raises NotFound for others, and until it is paid."""
    return proof_format.render(_payment_proof(payments.payment_card(public_id, visible_to=visible_to)))


def payment_proof_pdf_by_id(supplier_id: int, payment_id: int) -> bytes:
    """Typeset the proof of a payment for the letter to its payer. Raises NotFound until it is paid."""
    return proof_format.render(_payment_proof(payments.payment_card_by_id(supplier_id, payment_id)))


def _this_month(supplier: SupplierCard, now: dt.datetime) -> Month:
    return Month.of(suppliers.local_day(now, supplier))


def _has_moved(month: StatementMonth) -> bool:
    return bool(month.opening_rub or month.charged_rub or month.paid_rub or month.adjusted_rub or month.closing_rub)


def _payee(supplier: SupplierCard) -> Payee:
    return Payee(
        name=supplier.name,
        full_name=supplier.full_name,
        inn=supplier.inn,
        kpp=supplier.kpp,
        address=supplier.address,
        phone=supplier.phone,
        email=supplier.email,
        site=supplier.site.removeprefix("https://").removeprefix("http://").rstrip("/"),
        form_name=supplier.form_name,
    )


def _requisites(supplier_id: int) -> list[Requisites]:
    return [
        Requisites(
            bank_name=details.bank_name,
            bic=details.bic,
            account_number=details.account_number,
            correspondent_account=details.correspondent_account,
            is_agent=details.is_for_agents,
        )
        for details in sorted(suppliers.bank_details(supplier_id), key=lambda details: details.is_for_agents)
    ]


def _charged_lines(supplier_id: int, account_id: int, period: Month) -> Iterator[BillLine]:
    """Give the lines of a charged month. A reading whose consumption fell under two prices shows its dial once."""
    rows = (
        Charge.objects.filter(
            supplier_id=supplier_id, account_id=account_id, period=period, service__supplier_id=F("supplier_id")
        )
        .select_related("service", "reading__meter", "reading__scale")
        .order_by("service__position", "service_id", "line_no")
    )
    shown: set[int] = set()
    for charge in rows:
        is_metered = charge.volume_m3 is not None
        reading = charge.reading
        if is_metered and charge.kind == Charge.Kind.IMPORTED:
            reading = _only_reading(supplier_id, account_id, period)
        if reading is None or reading.id in shown:
            yield _charge_line(charge, note="")
        else:
            shown.add(reading.id)
            yield _charge_line(
                charge,
                note=_dial_name(reading),
                digits=reading.meter.digits,
                current_m3=reading.value_m3,
                previous_m3=reading.previous_m3,
            )


def _charge_line(charge: Charge, **dial: Any) -> BillLine:
    return BillLine(
        service_name=charge.service.name,
        volume_m3=charge.volume_m3,
        price_rub_per_m3=charge.price_rub_per_m3,
        amount_rub=charge.amount_rub,
        benefit_rub=ZERO,
        formula=charge.formula,
        rule_source=charge.rule_source,
        **dial,
    )


def _only_reading(supplier_id: int, account_id: int, period: Month) -> Reading | None:
    """Give the reading behind a charge that the supplier computed itself, when there is no doubt which it is."""
    readings = Reading.objects.filter(
        supplier_id=supplier_id,
        account_id=account_id,
        status=Reading.Status.ACCEPTED,
        used_from__isnull=False,
        taken_on__range=(period.first_day, period.last_day),
    ).select_related("meter", "scale")[:2]
    return readings[0] if len(readings) == 1 else None


def _open_lines(account: AccountCard, period: Month, *, today: dt.date) -> Iterator[BillLine]:
    """Give a line for each scale in use: with what has been handed in this month, else to be filled in by hand."""
    supplier_id = account.supplier_id
    service_id = suppliers.main_service_id(supplier_id)
    [service_name] = [service.name for service in suppliers.services(supplier_id) if service.id == service_id]
    handed_in = {
        reading.scale_id: reading
        for reading in charges.uncharged_readings(supplier_id, account.id).select_related("meter", "scale")
    }
    price = tariffs.price_on(supplier_id, service_id, account.usage_purpose_code, day=today)
    for meter, scale in _scales_in_use(meters.meters_of_account(account)):
        reading = handed_in.get(scale.id)
        if reading is None:
            yield BillLine(
                service_name=service_name,
                note=_scale_name(meter.model_name, meter.serial_number, scale.name),
                digits=meter.digits,
                previous_m3=scale.previous_m3,
                price_rub_per_m3=price.price_rub_per_m3 if price else None,
            )
        else:
            yield from _estimated_lines(account, service_name, reading)


def _estimated_lines(account: AccountCard, service_name: str, reading: Reading) -> Iterator[BillLine]:
    """Give the lines that accrual will make of a reading; without a sum when no price is known."""
    for number, line in enumerate(_priced(account, reading) or [None]):
        yield BillLine(
            service_name=service_name,
            note="" if number else _dial_name(reading),
            digits=0 if number else reading.meter.digits,
            current_m3=None if number else reading.value_m3,
            previous_m3=None if number else reading.previous_m3,
            volume_m3=line.volume_m3 if line else reading.volume_m3,
            price_rub_per_m3=line.price_rub_per_m3 if line else None,
            amount_rub=line.amount_rub if line else None,
        )


def _priced(account: AccountCard, reading: Reading) -> Sequence[MeteredLine]:
    consumption = reading.consumption
    if consumption is None:
        return []
    try:
        [lines] = charges.priced(account.supplier_id, account.usage_purpose_code, [consumption])
    except PriceMissing:
        return []
    return lines


def _scales_in_use(cards: Sequence[MeterCard]) -> Iterator[tuple[MeterCard, ScaleCard]]:
    for meter in cards:
        if not meter.is_removed:
            for scale in meter.scales:
                yield meter, scale


def _dial_name(reading: Reading) -> str:
    return _scale_name(reading.meter.model_name, reading.meter.serial_number, reading.scale.name)


def _scale_name(model_name: str, serial_number: str, scale_name: str) -> str:
    """Name a dial: «ВК-G4 № 0482117, день»."""
    meter = f"{model_name} № {serial_number}".strip()
    return f"{meter}, {scale_name}" if scale_name else meter


def _payment_proof(payment: PaymentCard) -> PaymentProof:
    if not payment.is_paid or payment.paid_at is None:
        raise NotFound
    payer_name, address = _payer_of(payment)
    return PaymentProof(
        number=str(payment.public_id),
        paid_at=payment.paid_at.astimezone(ZoneInfo(payment.zone)),
        supplier_name=payment.supplier_name,
        supplier_inn=suppliers.supplier_card(payment.supplier_id).inn,
        payer_name=payer_name,
        address=address,
        amount_rub=payment.amount_rub,
        commission_rub=payment.commission_rub,
        shares=[ProofShare(share.account_number, share.service_name, share.amount_rub) for share in payment.shares],
        gateway_name=payment.gateway_name,
        gateway_payment_id=payment.gateway_payment_id,
        method_title=payment.method_title,
        state=payment.state_label,
        is_test=payment.is_test,
    )


def _payer_of(payment: PaymentCard) -> tuple[str, str]:
    """Give name and address as the payer's access to the account shows them; nothing once it has ended."""
    try:
        card = accounts.account_card(
            payment.supplier_id, payment.account_id, visible_to=User.objects.get(id=payment.payer_id)
        )
    except NotFound:
        return "", ""
    return card.payer_name, card.address
