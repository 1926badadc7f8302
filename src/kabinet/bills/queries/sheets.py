"""The bill of a month: gathered from what other apps have computed and stored."""

import datetime as dt

from kabinet.accounts import queries as accounts
from kabinet.accounts.models import Account
from kabinet.bills.formats import bill as bill_format
from kabinet.bills.formats.bill import Bill, MonthVolume, Payee, Payer, Requisites
from kabinet.bills.queries.charged_lines import charged_lines
from kabinet.bills.queries.months import has_moved
from kabinet.bills.queries.open_lines import open_lines
from kabinet.charges import queries as charges
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.meters import queries as meters
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard

MONTHS_IN_CHART = 12


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

    lines = list(charged_lines(supplier_id, account_id, period))
    is_latest = (charges.last_charged_period(supplier_id, account_id) or period) <= period
    until = this_month if is_latest else period
    statement = ledger.statement(supplier_id, account_id, since=period, until=until.next())
    is_blank = period == this_month and not lines
    if is_blank:
        lines = list(open_lines(card, period, today=today))
    elif not lines and not any(has_moved(month) for month in statement):
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
