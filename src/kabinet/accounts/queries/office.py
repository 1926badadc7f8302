"""Accounts as staff see them: found by number, with what is kept of each."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from kabinet.accounts import rules
from kabinet.accounts.models import Absence, Account
from kabinet.accounts.queries.attaching import FULL, AccountCard
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier, UsagePurpose
from kabinet.suppliers.rules import number_normalised

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class StaffAccountCard(AccountCard):
    """An account with nothing masked, and what is kept of it.

    closed_on     the day after the last one that is charged
    purpose_name  what gas is used for, in words; empty when that is not kept
    """

    opened_on: dt.date | None
    closed_on: dt.date | None
    postcode: str
    residents_count: int | None
    area_m2: Decimal | None
    region_code: str
    purpose_name: str
    time_zone: str

    @property
    def last_day(self) -> dt.date | None:
        return self.closed_on and self.closed_on - ONE_DAY


@dataclass(frozen=True)
class AbsenceRow:
    """So many residents were away on the days [valid_from, valid_until)."""

    id: int
    valid_from: dt.date
    valid_until: dt.date
    residents_count: int
    document: str

    @property
    def last_day(self) -> dt.date:
        return self.valid_until - ONE_DAY


def account_for_staff(supplier_id: int, account_id: int, *, visible_to: User) -> StaffAccountCard:
    """Give an account to whoever keeps the supplier's accounts. Raises NotFound; NotAllowed for its other staff."""
    check_right(visible_to, rights.KEEP_ACCOUNTS, supplier_id)
    found = _cards(Q(supplier_id=supplier_id, id=account_id))
    if not found:
        raise NotFound
    return found[0]


def accounts_by_number(typed: str, *, visible_to: User) -> list[StaffAccountCard]:
    """Give the accounts with a number, at the suppliers whose accounts a member of staff keeps.

    typed  as a person writes it: each supplier has its own form of numbers
    """
    seen = suppliers_with_right(visible_to, rights.KEEP_ACCOUNTS)
    suppliers = Supplier.objects.all() if seen is None else Supplier.objects.filter(id__in=seen)
    wanted = Q()
    for supplier_id, kept in suppliers.values_list("id", "number_kept"):
        wanted |= Q(supplier_id=supplier_id, number=number_normalised(typed, kept))
    return _cards(wanted) if wanted else []


def numbers_of(supplier_id: int, account_ids: Collection[int]) -> list[str]:
    """Give the numbers of accounts, in order."""
    rows = Account.objects.filter(supplier_id=supplier_id, id__in=account_ids)
    return list(rows.order_by("number").values_list("number", flat=True))


def absence_rows(supplier_id: int, account_id: int) -> list[AbsenceRow]:
    """Give what is written of residents who were away, newest first."""
    rows = Absence.objects.filter(supplier_id=supplier_id, account_id=account_id).order_by("-valid_from")
    return [AbsenceRow(row.id, row.valid_from, row.valid_until, row.residents_count, row.document) for row in rows]


def _cards(wanted: Q) -> list[StaffAccountCard]:
    accounts = Account.objects.filter(wanted).select_related("supplier").order_by("supplier__name", "number")
    found = list(accounts)
    purposes = _purpose_names(found)
    return [_card(account, purposes) for account in found]


def _purpose_names(accounts: Sequence[Account]) -> dict[tuple[int, str], str]:
    supplier_ids = {account.supplier_id for account in accounts}
    rows: Any = UsagePurpose.objects.filter(supplier_id__in=supplier_ids).values_list("supplier_id", "code", "name")
    return {(supplier_id, code): name for supplier_id, code, name in rows}


def _card(account: Account, purposes: dict[tuple[int, str], str]) -> StaffAccountCard:
    supplier = account.supplier
    place = rules.place("", account.street_address, account.flat, is_full=True)
    return StaffAccountCard(
        supplier_id=account.supplier_id,
        id=account.id,
        number=account.number,
        supplier_name=supplier.name,
        supplier_code=supplier.code,
        alias="",
        title=place or account.number,
        level=FULL,
        payer_name=rules.payer_name(account.surname, account.given_name, account.patronymic, is_full=True),
        address=rules.place(account.locality, account.street_address, account.flat, is_full=True),
        is_closed=account.closed_on is not None,
        usage_purpose_code=account.usage_purpose_code,
        position=0,
        asks_proof=False,
        opened_on=account.opened_on,
        closed_on=account.closed_on,
        postcode=account.postcode,
        residents_count=account.residents_count,
        area_m2=account.area_m2,
        region_code=account.region_code,
        purpose_name=purposes.get((account.supplier_id, account.usage_purpose_code), ""),
        time_zone=supplier.time_zone,
    )
