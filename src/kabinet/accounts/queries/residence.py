"""Who lives at accounts and what a norm counts there, by days: many accounts at once, a query or two for all."""

import datetime as dt
from collections.abc import Sequence

from kabinet.accounts.models import Absence, Account, NormUnits, Residence
from kabinet.accounts.rules import NormUnits as UnitsOfDays
from kabinet.accounts.rules import Residence as ResidenceOfDays
from kabinet.common.days import Days


def residences_of(supplier_id: int, account_ids: Sequence[int]) -> dict[int, tuple[ResidenceOfDays, ...]]:
    """Give people and area of accounts, oldest first, without a gap: from an account's first day on, the last one open.

    Days that no row holds have what the account itself says, which may be nothing.
    """
    rows: dict[int, list[ResidenceOfDays]] = {account_id: [] for account_id in account_ids}
    found = Residence.objects.filter(supplier_id=supplier_id, account_id__in=account_ids)
    for account_id, valid_from, valid_until, residents_count, area_m2 in found.values_list(
        "account_id", "valid_from", "valid_until", "residents_count", "area_m2"
    ):
        rows[account_id].append(ResidenceOfDays(Days(valid_from, valid_until), residents_count, area_m2))

    accounts = Account.objects.filter(supplier_id=supplier_id, id__in=account_ids)
    for account_id, opened_on, own_count, own_area_m2 in accounts.values_list(
        "id", "opened_on", "residents_count", "area_m2"
    ):
        written = rows[account_id]
        all_days = Days(min([opened_on or dt.date.min, *(row.days.since for row in written)]), None)
        written += [
            ResidenceOfDays(days, own_count, own_area_m2) for days in all_days.without([row.days for row in written])
        ]
    return {account_id: tuple(sorted(of_one, key=lambda row: row.days.since)) for account_id, of_one in rows.items()}


def absences_of(supplier_id: int, account_ids: Sequence[int]) -> dict[int, tuple[ResidenceOfDays, ...]]:
    """Give how many people were away from accounts on which days, oldest first; `()` for those without."""
    rows: dict[int, list[ResidenceOfDays]] = {account_id: [] for account_id in account_ids}
    found = Absence.objects.filter(supplier_id=supplier_id, account_id__in=account_ids).order_by("valid_from")
    for account_id, valid_from, valid_until, residents_count in found.values_list(
        "account_id", "valid_from", "valid_until", "residents_count"
    ):
        rows[account_id].append(ResidenceOfDays(Days(valid_from, valid_until), residents_count, None))
    return {account_id: tuple(of_one) for account_id, of_one in rows.items()}


def norm_units_of(supplier_id: int, account_ids: Sequence[int]) -> dict[int, tuple[UnitsOfDays, ...]]:
    """Give the units of accounts that a norm counts, by kind and then oldest first; `()` for those without."""
    rows: dict[int, list[UnitsOfDays]] = {account_id: [] for account_id in account_ids}
    found = NormUnits.objects.filter(supplier_id=supplier_id, account_id__in=account_ids)
    for account_id, valid_from, valid_until, unit_code, units_count in found.order_by(
        "unit_code", "valid_from"
    ).values_list("account_id", "valid_from", "valid_until", "unit_code", "units_count"):
        rows[account_id].append(UnitsOfDays(Days(valid_from, valid_until), unit_code, units_count))
    return {account_id: tuple(of_one) for account_id, of_one in rows.items()}
