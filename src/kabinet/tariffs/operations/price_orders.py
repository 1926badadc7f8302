"""Loading an order of prices: shared by the operator's terminal and by what two members of staff have agreed upon."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.suppliers.models import Service, Supplier
from kabinet.tariffs.formats.price_order import BadLine, OrderUnreadable, PriceLine, decode, read_price_order
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.operations.prices import set_price


class PriceOrderRefused(Refusal):
    code = "price-order-unreadable"
    field = "file"
    message = _("Файл не прочитан, ничего не загружено: %(reason)s.")


@dataclass(frozen=True)
class RefusedLine:
    """A line that is not taken, by its number in the file, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class PriceOrder:
    """What a file would do, or has done: `is_applied`.

    unchanged       lines whose price holds already
    affected_since  the first month that is over and is touched, None for none: see operations.Change
    """

    new: Sequence[PriceLine]
    unchanged: Sequence[PriceLine]
    refused: Sequence[RefusedLine]
    affected_since: Month | None
    is_applied: bool


@transaction_required
def load_order(
    supplier: Supplier,
    *,
    content: bytes,
    encoding: str | None,
    replaces: bool,
    applies: bool,
    actor: User | None,
    now: dt.datetime,
) -> PriceOrder:
    """Load an order after `lock_terms`; the arguments are those of `load_price_order`, and so is what is raised."""
    try:
        lines = read_price_order(decode(content, encoding=encoding))
    except OrderUnreadable as unreadable:
        raise PriceOrderRefused(reason=str(unreadable)) from unreadable

    refused = [RefusedLine(line.number, line.reason) for line in lines if isinstance(line, BadLine)]
    readable = [line for line in lines if isinstance(line, PriceLine)]
    with transaction.atomic():
        order = _try(supplier, readable, refused, replaces=replaces, applies=applies, actor=actor, now=now)
        transaction.set_rollback(not order.is_applied)
    if order.is_applied:
        audit.note(
            action="price_order.loaded",
            actor=actor,
            now=now,
            supplier_id=supplier.pk,
            details={
                "sha256": hashlib.sha256(content).hexdigest(),
                "new": len(order.new),
                "unchanged": len(order.unchanged),
            },
        )
    return order


def _try(
    supplier: Supplier,
    lines: Sequence[PriceLine],
    unreadable: Sequence[RefusedLine],
    *,
    replaces: bool,
    applies: bool,
    actor: User | None,
    now: dt.datetime,
) -> PriceOrder:
    """Set the price of each line, or learn why not."""
    services = {service.code: service for service in Service.objects.filter(supplier=supplier)}
    new: list[PriceLine] = []
    unchanged: list[PriceLine] = []
    refused = list(unreadable)
    months: list[Month] = []
    for line in sorted(lines, key=lambda line: (line.above_m3, line.valid_from, line.number)):
        service = services.get(line.service_code)
        if service is None:
            reason = _("У поставщика нет услуги с кодом «%(code)s».") % {"code": line.service_code}
            refused.append(RefusedLine(line.number, reason))
        elif contradicted := next((earlier for earlier in (*new, *unchanged) if _contradicts(earlier, line)), None):
            words = {"number": contradicted.number}
            reason = _("На эти дни цена стоит и в строке %(number)s. Оставьте одну из них.") % words
            refused.append(RefusedLine(line.number, reason))
        elif _holds(supplier, service, line):
            unchanged.append(line)
        else:
            try:
                month = _set(supplier, service, line, replaces=replaces, actor=actor, now=now)
            except Refusal as refusal:
                refused.append(RefusedLine(line.number, str(refusal)))
            else:
                new.append(line)
                months += [month] if month else []
    return PriceOrder(
        new=sorted(new, key=lambda line: line.number),
        unchanged=unchanged,
        refused=sorted(refused, key=lambda line: line.number),
        affected_since=min(months, default=None),
        is_applied=applies and not refused,
    )


def _contradicts(earlier: PriceLine, line: PriceLine) -> bool:
    """Tell whether two lines of a file set other prices on the same days; an open end is where the later one begins."""
    if _key(earlier) != _key(line) or replace(earlier, number=line.number) == line:
        return False
    if earlier.valid_until is None:
        return earlier.valid_from >= line.valid_from
    return earlier.valid_until > line.valid_from


def _key(line: PriceLine) -> tuple[str, str, str, Decimal]:
    return line.service_code, line.usage_purpose_code, line.zone, line.above_m3


def _holds(supplier: Supplier, service: Service, line: PriceLine) -> bool:
    """Tell whether the price of a line is set already; a line without an end says nothing of when it ended."""
    same = Tariff.objects.filter(
        supplier=supplier,
        service=service,
        usage_purpose_code=line.usage_purpose_code,
        zone=line.zone,
        above_m3=line.above_m3,
        printed_price=line.printed_price,
        printed_unit=line.printed_unit,
        valid_from=line.valid_from,
    )
    return (same if line.valid_until is None else same.filter(valid_until=line.valid_until)).exists()


def _set(
    supplier: Supplier, service: Service, line: PriceLine, *, replaces: bool, actor: User | None, now: dt.datetime
) -> Month | None:
    with transaction.atomic():
        return set_price(
            supplier,
            service,
            usage_purpose_code=line.usage_purpose_code,
            zone=line.zone,
            above_m3=line.above_m3,
            printed_price=line.printed_price,
            printed_unit=line.printed_unit,
            valid_from=line.valid_from,
            valid_until=line.valid_until,
            source=line.source,
            replaces=replaces,
            actor=actor,
            now=now,
        ).affected_since
