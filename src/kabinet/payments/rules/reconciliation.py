"""Compare a day of a shop: what we know, what the gateway lists, what its register says.

Each movement of money is one object of the gateway (a payment, a refund, a chargeback). What all sides say alike is
equal; everything else is a finding that a person has to explain, or that settles itself when we ask the gateway.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from kabinet.common.money import ZERO

PAYMENT, REFUND, CHARGEBACK = "payment", "refund", "chargeback"

#: Days of gateways are Moscow days, whatever the supplier's zone.
GATEWAY_ZONE = "Europe/Moscow"

ONLY_THEIRS_OURS, ONLY_THEIRS_FOREIGN, ONLY_OURS = "theirs_ours", "theirs_foreign", "only_ours"
AMOUNT_DIFFERS, FEE_DIFFERS, DOUBLED, OTHER_DAY, ONE_SOURCE = "amount", "fee", "doubled", "other_day", "one_source"
REFUND_UNASKED, CHARGEBACK_NEW = "refund_unasked", "chargeback"
FINDINGS = (
    ONLY_THEIRS_OURS,
    ONLY_THEIRS_FOREIGN,
    ONLY_OURS,
    AMOUNT_DIFFERS,
    FEE_DIFFERS,
    DOUBLED,
    OTHER_DAY,
    ONE_SOURCE,
    REFUND_UNASKED,
    CHARGEBACK_NEW,
)


@dataclass(frozen=True)
class Ours:
    """A movement as we know it.

    id            of our row, which is of that kind
    object_id     the gateway's number; "" while we have not heard it
    amount_rub    what we asked for, or wrote down
    moved_on      the gateway's day on which it stands in our ledger; None: it does not
    is_suspended  the money stands in suspense, and nobody has decided about all of it
    is_unasked    somebody gave it back in the gateway's own cabinet
    """

    kind: str
    id: int
    object_id: str
    public_id: UUID | None
    amount_rub: Decimal
    moved_on: dt.date | None
    is_suspended: bool = False
    is_unasked: bool = False


@dataclass(frozen=True)
class Theirs:
    """A line of the gateway's list or register.

    moved_on  the day on which the money moved; filed_on: the day of the list or file that the line stands in
    """

    kind: str
    object_id: str
    payment_object_id: str
    public_id: UUID | None
    amount_rub: Decimal
    income_rub: Decimal | None
    moved_on: dt.date
    filed_on: dt.date


@dataclass(frozen=True)
class Found:
    """An object that is not equal: `finding` says in what; a side that has nothing to say is None."""

    finding: str
    kind: str
    subject: str
    ours: Ours | None
    theirs: Theirs | None
    ours_rub: Decimal | None
    theirs_rub: Decimal | None


@dataclass(frozen=True)
class Comparison:
    """A day as it stands now.

    equal_rub  payments less refunds and chargebacks
    fee_rub    what the gateway keeps of the day's payments; None when it did not say
    """

    found: Sequence[Found]
    equal_count: int
    equal_rub: Decimal
    fee_rub: Decimal | None


@dataclass
class _Object:
    """One object of the gateway on the day that is compared, with everything that is said of it.

    listed, registered  what the list and the registers say of it as moved on the day
    filed               its lines in the day's own files, of whatever day they speak
    elsewhere           its lines in the registers that speak of other days
    """

    day: dt.date
    kind: str
    object_id: str
    ours: Ours | None = None
    listed: list[Theirs] = field(default_factory=list)
    registered: list[Theirs] = field(default_factory=list)
    filed: list[Theirs] = field(default_factory=list)
    elsewhere: list[Theirs] = field(default_factory=list)

    @property
    def told(self) -> list[Theirs]:
        return self.listed + self.registered

    @property
    def subject(self) -> str:
        return self.object_id or str(self.ours and self.ours.public_id)

    @property
    def is_ours_today(self) -> bool:
        return self.ours is not None and self.ours.moved_on == self.day

    @property
    def fee_rub(self) -> Decimal | None:
        """What the gateway keeps: the register says it for good, its list only until then."""
        by_register = _fee_rub(self.registered)
        return _fee_rub(self.listed) if by_register is None else by_register

    def found(self, finding: str, line: Theirs | None, **sums: Decimal | None) -> Found:
        ours_rub = self.ours.amount_rub if self.ours else None
        theirs_rub = line.amount_rub if line else None
        return Found(
            finding=finding,
            kind=self.kind,
            subject=self.subject,
            ours=self.ours,
            theirs=line,
            ours_rub=sums.get("ours_rub", ours_rub),
            theirs_rub=sums.get("theirs_rub", theirs_rub),
        )


def compare(
    day: dt.date, *, ours: Iterable[Ours], listed: Iterable[Theirs] | None, registered: Iterable[Theirs] | None
) -> Comparison:
    """Compare a day.

    ours        what stands in our ledger on the day, and every row of ours that a line names
    listed      the gateway's own list of the day; None: it has none
    registered  lines of files: of the day's own ones, and of other days' where they speak of this day or of `ours`;
                None: the day's files have not come
    """
    sources = (listed is not None, registered is not None)
    objects = _objects(day, ours, listed or (), registered or ())
    found = [list(_findings(item, *sources)) for item in objects]
    equal = [item for item, its in zip(objects, found, strict=True) if item.ours and item.told and not its]
    fees = [fee for item in objects if (fee := item.fee_rub) is not None]
    return Comparison(
        found=[finding for findings in found for finding in findings],
        equal_count=len(equal),
        equal_rub=sum((_signed_rub(item) for item in equal), ZERO),
        fee_rub=sum(fees, ZERO) if fees else None,
    )


def _findings(item: _Object, has_list: bool, has_register: bool) -> Iterator[Found]:
    """Say what is not equal about one object: first where it is written down, then what is written."""
    strays = [line for line in item.filed if line.moved_on != item.day]
    if not item.filed and (item.is_ours_today or item.listed):
        strays = item.registered + item.elsewhere  # it stands in the register of another day
    if len(item.filed) > 1:
        yield item.found(DOUBLED, item.filed[0], theirs_rub=sum((line.amount_rub for line in item.filed), ZERO))
    elif strays:
        yield item.found(OTHER_DAY, strays[0])

    if item.told:
        yield from _what_is_told(item, is_stray=bool(strays), has_both=has_list and has_register)
    elif item.is_ours_today and not strays and (has_list or has_register):
        yield item.found(ONLY_OURS, None)


def _what_is_told(item: _Object, *, is_stray: bool, has_both: bool) -> Iterator[Found]:
    ours, line = item.ours, item.told[0]
    by_list, by_register = _fee_rub(item.listed), _fee_rub(item.registered)
    if ours is None:
        yield item.found(_unknown(line), line)
    elif ours.is_suspended:
        yield item.found(ONLY_THEIRS_FOREIGN if line.amount_rub == ours.amount_rub else AMOUNT_DIFFERS, line)
    elif ours.moved_on is None:
        yield item.found(ONLY_THEIRS_OURS, line)
    elif ours.moved_on != item.day:
        if not is_stray and (item.listed or item.filed):  # a line of another day's file is a finding of that day
            yield item.found(OTHER_DAY, line)
    elif other := [told for told in item.told if told.amount_rub != ours.amount_rub]:
        yield item.found(AMOUNT_DIFFERS, other[0])
    elif has_both and not is_stray and not (item.listed and item.registered):
        yield item.found(ONE_SOURCE, line)
    elif by_list is not None and by_register is not None and by_list != by_register:
        yield item.found(FEE_DIFFERS, line, ours_rub=by_list, theirs_rub=by_register)
    elif ours.is_unasked:
        yield item.found(REFUND_UNASKED, line)


def _unknown(line: Theirs) -> str:
    if line.kind == REFUND:
        return REFUND_UNASKED
    if line.kind == CHARGEBACK:
        return CHARGEBACK_NEW
    return ONLY_THEIRS_OURS if line.public_id else ONLY_THEIRS_FOREIGN


def _objects(
    day: dt.date, ours: Iterable[Ours], listed: Iterable[Theirs], registered: Iterable[Theirs]
) -> list[_Object]:
    objects: dict[tuple[str, str], _Object] = {}
    by_public_id: dict[tuple[str, UUID | None], _Object] = {}

    def named(line: Theirs) -> _Object:
        item = objects.setdefault((line.kind, line.object_id), _Object(day, line.kind, line.object_id))
        by_public_id.setdefault((line.kind, line.public_id), item)
        return item

    for line in listed:
        named(line).listed = [line]  # a page may repeat what the page before it had
    for line in registered:
        item = named(line)
        (item.registered if line.moved_on == day else item.elsewhere).append(line)
        if line.filed_on == day:
            item.filed.append(line)
    for row in ours:
        known = objects.get((row.kind, row.object_id))
        if known is None and not row.object_id:
            known = by_public_id.get((row.kind, row.public_id))
        if known is None:
            known = objects.setdefault(
                (row.kind, row.object_id or str(row.public_id)), _Object(day, row.kind, row.object_id)
            )
        known.ours = row
    return list(objects.values())


def _fee_rub(lines: Sequence[Theirs]) -> Decimal | None:
    """Give what the gateway keeps of a payment by one source of its own."""
    if not lines or lines[0].kind != PAYMENT or lines[0].income_rub is None:
        return None
    return lines[0].amount_rub - lines[0].income_rub


def _signed_rub(item: _Object) -> Decimal:
    amount_rub = item.told[0].amount_rub
    return amount_rub if item.kind == PAYMENT else -amount_rub
