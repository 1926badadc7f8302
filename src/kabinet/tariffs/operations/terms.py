"""Days, locks and changes of what holds by date."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.operations import lock_account
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Service, Supplier, UsagePurpose
from kabinet.suppliers.queries import local_day
from kabinet.tariffs.models import BenefitGrant, MonthlyFee
from kabinet.tariffs.queries.days import between

Row = TypeVar("Row", bound=Model)
Owned = TypeVar("Owned", BenefitGrant, MonthlyFee)


class DaysReversed(Refusal):
    code = "days-reversed"
    field = "valid_until"
    message = _("Последний день не может быть раньше первого. Проверьте оба.")


class PurposeUnknown(Refusal):
    code = "purpose-unknown"
    field = "usage_purpose_code"
    message = _("У поставщика нет направления использования газа с кодом «%(code)s». Выберите его из списка.")


class EndsAlready(Refusal):
    code = "ends-already"
    field = "valid_until"
    message = _("Она закончилась раньше: её последний день — %(last)s. Чтобы она действовала снова, заведите новую.")


class TakesTwo(Refusal):
    code = "terms-take-two"
    message = _("Цены, нормативы и льготы задают двое: предложите их, а подтвердит другой сотрудник.")


@dataclass(frozen=True)
class Change(Generic[Row]):
    """What has been set, and what it means for months that are over.

    affected_since  the first month before the present one that it touches, None for none. Bills of such a month stand
                    as they are until somebody has them corrected; its days are priced anew only then
    gave_way        something that stood on these days ends before them, or has been replaced on them
    """

    row: Row
    affected_since: Month | None
    gave_way: bool = False


def check_one_may(actor: User | None, supplier_id: int, *, is_trial: bool) -> None:
    """Let the operator's terminal (None) set terms at once, and members of staff try them.

    Raises TakesTwo for staff who would set them alone; NotFound, NotAllowed.
    """
    if actor is None:
        return
    check_right(actor, rights.SET_TARIFFS, supplier_id)
    if not is_trial:
        raise TakesTwo


@transaction_required
def lock_terms(supplier_id: int) -> Supplier:
    """Let one person at a time change a supplier's prices, norms, factors and benefits. Raises NotFound."""
    supplier = Supplier.objects.select_for_update(no_key=True).filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound
    return supplier


@transaction_required
def lock_of_account(rows: QuerySet[Owned]) -> Owned:
    """Lock the one row of an account that is looked for, and the account before it. Raises NotFound."""
    row = rows.first()
    if row is None:
        raise NotFound
    lock_account(row.supplier_id, row.account_id)
    return rows.select_for_update(no_key=True).get()


@transaction_required
def end(row: BenefitGrant | MonthlyFee, valid_until: dt.date, *, now: dt.datetime) -> bool:
    """End what an account has before the day `valid_until`; tell whether that is news.

    Raises DaysReversed, and EndsAlready for what ends on an earlier day: it does not begin again by its end.
    """
    check_days(row.valid_from, valid_until)
    if row.valid_until == valid_until:
        return False
    if row.valid_until is not None and row.valid_until < valid_until:
        raise EndsAlready(last=(row.valid_until - dt.timedelta(days=1)).strftime("%d.%m.%Y"))
    row.valid_until, row.set_at = valid_until, now
    row.save(update_fields=["valid_until", "set_at"])
    return True


def check_days(valid_from: dt.date, valid_until: dt.date | None) -> None:
    """Raise DaysReversed unless [valid_from, valid_until) has a day."""
    if valid_until is not None and valid_until <= valid_from:
        raise DaysReversed


def check_purpose(supplier_id: int, code: str) -> None:
    """Raise PurposeUnknown for a purpose that the supplier has not named; "" is every purpose."""
    if code and not UsagePurpose.objects.filter(supplier_id=supplier_id, code=code).exists():
        raise PurposeUnknown(code=code)


def service_of(supplier_id: int, service_id: int) -> Service:
    """Give a supplier's service. Raises NotFound."""
    service = Service.objects.filter(supplier_id=supplier_id, id=service_id).first()
    if service is None:
        raise NotFound
    return service


def affected_since(supplier: Supplier, valid_from: dt.date, *, now: dt.datetime) -> Month | None:
    """Give the first month that is over and has a day on or after `valid_from`."""
    month = Month.of(valid_from)
    return month if month < Month.of(local_day(now, supplier)) else None


@transaction_required
def make_room(
    rows: QuerySet[Any],
    *,
    valid_from: dt.date,
    valid_until: dt.date | None,
    replaces: bool,
    refusal: type[Refusal],
    now: dt.datetime,
) -> list[dict[str, str]]:
    """Free the days [valid_from, valid_until) among rows of which one holds a day, and tell which rows gave way.

    A row without an end that began earlier ends there. Any other raises the refusal, with the days `since` it holds;
    with `replaces` it keeps what it has before and after these days.
    """
    gave_way = []
    for row in rows.filter(between(valid_from, valid_until or dt.date.max)).order_by("valid_from"):
        if not replaces and (row.valid_from >= valid_from or row.valid_until is not None):
            raise refusal(since=row.valid_from.strftime("%d.%m.%Y"))
        gave_way.append({"valid_from": str(row.valid_from), "valid_until": str(row.valid_until or ""), "was": str(row)})
        ended = row.valid_until
        if row.valid_from < valid_from:
            row.valid_until, row.set_at = valid_from, now
            row.save(update_fields=["valid_until", "set_at"])
        else:
            row.delete()
        if replaces and valid_until is not None and (ended is None or ended > valid_until):
            row.pk, row.valid_from, row.valid_until, row.set_at = None, valid_until, ended, now
            row.save(force_insert=True)
    return gave_way
