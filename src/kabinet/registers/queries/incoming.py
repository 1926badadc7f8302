"""What use-cases ask of registers that come in."""

import datetime as dt
from decimal import Decimal

from django.db.models import Max, Q

from kabinet.common.money import ZERO
from kabinet.payments.models import Shop
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register, RegisterLimits
from kabinet.registers.rules.limits import USUAL, Limits, Totals
from kabinet.suppliers import queries as suppliers

_GONE = (Register.State.REFUSED, Register.State.CANCELLED, Register.State.UNDONE)
#: A register of these kinds is counted over whatever those of the same group have made of the balances.
_COUNTED_TOGETHER = ("balances", "charges")
#: Of these kinds, what a later file only repeats is counted by the first: taken back, it would be missing.
_COUNTED_ONCE = ("payments", "readings")


def register_of_file(supplier_id: int, kind: str, sha256: str) -> Register | None:
    """Give the register that a file has been loaded as; None when it has not, or was given up, refused or undone."""
    rows = Register.objects.filter(supplier_id=supplier_id, kind=kind, sha256=sha256)
    return rows.exclude(state__in=_GONE).first()


def next_number_in(supplier_id: int) -> int:
    newest = Register.objects.filter(supplier_id=supplier_id).aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def is_changed_since(supplier_id: int, moment: dt.datetime) -> bool:
    """Tell whether any register has been applied or undone after a moment."""
    registers = Register.objects.filter(supplier_id=supplier_id)
    return registers.filter(Q(applied_at__gt=moment) | Q(undone_at__gt=moment)).exists()


def applied_on_top_of(register: Register) -> int | None:
    """Give the number of a later register that was counted over this one; None when there is none.

    Payments are part of every balance that the supplier has said since: taken back, they would be missing in it. So are
    payments and readings that a later file has repeated: it found them here already, and has not counted them.
    """
    later = Register.objects.filter(
        supplier_id=register.supplier_id,
        state__in=(Register.State.APPLIED, Register.State.UNDOING),
        applied_at__gt=register.applied_at,
    ).order_by("-applied_at")
    return next((each.number for each in later if _is_on_top_of(register, each)), None)


def _is_on_top_of(register: Register, later: Register) -> bool:
    if later.kind == register.kind and later.kind in _COUNTED_ONCE:
        return later.unchanged_count > 0
    if later.kind in _COUNTED_TOGETHER:
        return register.kind in _COUNTED_TOGETHER or (register.kind == "payments" and _says_balances(later))
    return False


def registers_that_said_balances(supplier_id: int, *, since: dt.date) -> list[Register]:
    """Give applied registers that said what is owed, and could say it of a day or a later one: none says it before."""
    applied = Register.objects.filter(
        supplier_id=supplier_id,
        kind__in=_COUNTED_TOGETHER,
        state=Register.State.APPLIED,
        applied_at__gte=dt.datetime.combine(since, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1),
    )
    return [register for register in applied if _says_balances(register)]


def _says_balances(register: Register) -> bool:
    return register.kind == "balances" or "closing_rub" in Profile.from_json(register.profile or {}).fields


def last_applied(register: Register) -> Register | None:
    """Give the register of the same kind that was applied last before this one."""
    rows = Register.objects.filter(
        supplier_id=register.supplier_id, kind=register.kind, state=Register.State.APPLIED
    ).exclude(id=register.id)
    if register.applied_at:
        rows = rows.filter(applied_at__lt=register.applied_at)
    return rows.order_by("-applied_at").first()


def totals_of(register: Register) -> Totals:
    """Give what the accepted lines of a register come to."""
    money = "balance_rub" if register.kind == "balances" else "amount_rub"
    return Totals(
        lines_count=register.new_count + register.changed_count + register.unchanged_count,
        amount_rub=Decimal(register.sums.get(money, ZERO)),
        most_rub=Decimal(register.sums.get("most_rub", ZERO)),
    )


def totals_of_last(register: Register) -> Totals | None:
    """Give the same of the register before; None for the first of its kind."""
    last = last_applied(register)
    return totals_of(last) if last else None


def limits_of(supplier_id: int, kind: str) -> Limits:
    """Give how far registers of a kind may differ: as the supplier has set it, else as usual."""
    row = RegisterLimits.objects.filter(supplier_id=supplier_id, kind=kind).first()
    if row is None:
        return USUAL
    return Limits(row.sum_percent, row.sum_rub, row.count_percent, row.lines_count, row.line_rub)


def shop_ids(supplier_id: int) -> list[int]:
    """Give the shops of a supplier, past ones too: numbers of a gateway are unique within a shop."""
    return list(Shop.objects.filter(supplier_id=supplier_id).values_list("id", flat=True))


def service_keys(supplier_id: int) -> dict[str, int]:
    """Name services by what files may say of them: code, name, nothing at all for the main one."""
    keys: dict[str, int] = {}
    for service in suppliers.services(supplier_id):
        keys.setdefault(service.name.strip().lower(), service.id)
    for service in suppliers.services(supplier_id):
        keys[service.code.lower()] = service.id
        if service.is_main:
            keys[""] = service.id
    return keys
