"""Accounts as staff see them, with what is kept of each."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from kabinet.accounts import rules
from kabinet.accounts.models import Absence, Account
from kabinet.accounts.queries.attaching import FULL, AccountCard
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import UsagePurpose

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
    """Give an account to whoever answers the supplier's customers. Raises NotFound; NotAllowed for its other staff."""
    check_right(visible_to, rights.SEE_CUSTOMERS, supplier_id)
    account = Account.objects.select_related("supplier").filter(supplier_id=supplier_id, id=account_id).first()
    if account is None:
        raise NotFound
    return _card(account)


def numbers_of(supplier_id: int, account_ids: Collection[int]) -> list[str]:
    """Give the numbers of accounts, in order."""
    rows = Account.objects.filter(supplier_id=supplier_id, id__in=account_ids)
    return list(rows.order_by("number").values_list("number", flat=True))


def absence_rows(supplier_id: int, account_id: int) -> list[AbsenceRow]:
    """Give what is written of residents who were away, newest first."""
    rows = Absence.objects.filter(supplier_id=supplier_id, account_id=account_id).order_by("-valid_from")
    return [AbsenceRow(row.id, row.valid_from, row.valid_until, row.residents_count, row.document) for row in rows]


def _card(account: Account) -> StaffAccountCard:
    supplier = account.supplier
    purposes = UsagePurpose.objects.filter(supplier_id=account.supplier_id, code=account.usage_purpose_code)
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
        purpose_name=purposes.values_list("name", flat=True).first() or "",
        time_zone=supplier.time_zone,
    )
