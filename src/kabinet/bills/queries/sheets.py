"""The bill of a month: gathered from what other apps have computed and stored."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial

from kabinet.accounts import queries as accounts
from kabinet.accounts import rules as places
from kabinet.accounts.models import Account
from kabinet.bills.formats import bill as bill_format
from kabinet.bills.formats.bill import Bill, MonthVolume, Payee, Payer, Requisites
from kabinet.bills.queries.charged_lines import ChargedLines, charged_lines
from kabinet.bills.queries.months import has_moved
from kabinet.bills.queries.open_lines import open_lines
from kabinet.charges.queries.summaries import last_charged_periods
from kabinet.charges.rules.penalties import due_day
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
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    if period > Month.of(today):
        raise NotFound
    is_open = period == Month.of(today)
    sheet = bills(supplier_id, [account_id], period, now=now, with_still=is_open).get(account_id)
    if sheet is None:
        raise NotFound
    if sheet.lines or not is_open:
        return sheet
    return replace(
        sheet,
        is_blank=True,
        lines=tuple(open_lines(card, period, today=today)),
        opening_rub=sheet.closing_rub,
        pay_by=None,
    )


def bills(
    supplier_id: int, account_ids: Sequence[int], period: Month, *, now: dt.datetime, with_still: bool = False
) -> dict[int, Bill]:
    """Gather the bills of a month for many accounts in a fixed number of queries: for whoever may see each of them.

    with_still  also those of accounts on which nothing was charged and no money stood or moved
    """
    supplier = suppliers.supplier_card(supplier_id)
    payee, requisites = _payee(supplier), _requisites(supplier_id)
    today = suppliers.local_day(now, supplier)
    pay_by = cache(partial(suppliers.pay_by, supplier_id))
    months = meters.months_until(period, MONTHS_IN_CHART)

    rows = Account.objects.filter(supplier_id=supplier_id, id__in=account_ids)
    lines = charged_lines(supplier_id, account_ids, period)
    last_periods = last_charged_periods(supplier_id, account_ids)
    until = max(Month.of(today), period).next()
    statements = ledger.statements(supplier_id, account_ids, since=period, until=until)
    balances = ledger.balances_by_service_of(supplier_id, account_ids)
    volumes = meters.monthly_consumption_of(supplier_id, account_ids, months)

    gathered = {}
    for account in rows:
        charged = lines.get(account.id, ChargedLines())
        is_latest = last_periods.get(account.id, period) <= period
        statement = statements[account.id] if is_latest else statements[account.id][:1]
        if not (charged.lines or with_still or any(has_moved(month) for month in statement)):
            continue
        owed = [(each.name.lower(), each.balance_rub) for each in balances[account.id] if each.balance_rub]
        opening_rub, closing_rub = statement[0].opening_rub, statement[-1].closing_rub
        paid_rub = sum((month.paid_rub for month in statement), ZERO)
        lines_rub = sum((line.amount_rub or ZERO for line in charged.lines), ZERO)
        gathered[account.id] = Bill(
            payee=payee,
            requisites=requisites,
            account_number=account.number,
            payer=_payer(account),
            period=period,
            counted_on=today if is_latest else period.next().first_day,
            made_at=now,
            lines=charged.lines,
            vat=charged.vat,
            opening_rub=opening_rub,
            paid_rub=paid_rub,
            adjusted_rub=closing_rub - opening_rub - lines_rub + paid_rub,
            closing_rub=closing_rub,
            pay_by=due_day(period, charged.charged_on or period.first_day, pay_by),
            is_latest=is_latest,
            due_by_service=owed if is_latest and len(owed) > 1 else [],
            volumes=[MonthVolume(month.period, month.volume_m3) for month in volumes[account.id]],
        )
    return gathered


def _payer(account: Account) -> Payer:
    name = places.payer_name(account.surname, account.given_name, account.patronymic, is_full=True)
    address = places.place(account.locality, account.street_address, account.flat, is_full=True)
    return Payer(name, address, account.postcode, account.residents_count, account.area_m2)


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
