"""What letters about registers say, and which charges customers are told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.models.incoming import Kind
from kabinet.registers.queries.registers import RegisterRow, register_card, register_row
from kabinet.suppliers import queries as suppliers


@dataclass(frozen=True)
class ImportedMonth:
    """The month that a register of charges has brought. number: of the register."""

    number: int
    period: Month


@dataclass(frozen=True)
class RegisterLetter:
    """to: those of the staff whose work it was, as long as they still do it."""

    to: Sequence[int]
    register: RegisterRow


def month_to_announce(supplier_id: int, register_id: int) -> ImportedMonth | None:
    """Give the newest month of an applied register of charges, if its supplier wants customers to be told of it.

    None for months that were over long ago: history is loaded without a letter. Raises NotFound.
    """
    register = register_row(supplier_id, register_id)
    supplier = suppliers.supplier_card(supplier_id)
    if not supplier.announces_imported_charges or register.kind != Kind.CHARGES or register.applied_at is None:
        return None
    lines = RegisterLine.objects.filter(supplier_id=supplier_id, register_id=register_id)
    newest: Month | None = lines.exclude(outcome=RegisterLine.Outcome.REFUSED).aggregate(newest=Max("period"))["newest"]
    applied_in = Month.of(suppliers.local_day(register.applied_at, supplier))
    if newest is None or newest < applied_in.previous():
        return None
    return ImportedMonth(register.number, newest)


def applied_letter(supplier_id: int, register_id: int) -> RegisterLetter:
    """Tell whoever brought a register that somebody else has had it applied. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    to = [] if register.uploaded_by == register.applied_by else [register.uploaded_by]
    return RegisterLetter(_still_at_work(register, to), register_card(register))


def stopped_letter(supplier_id: int, register_id: int) -> RegisterLetter:
    """Tell whoever brought a register or decided about it that the work on it has broken. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    to = [register.uploaded_by, register.applied_by, register.recalled_by, register.undone_by]
    return RegisterLetter(_still_at_work(register, to), register_card(register))


def _still_at_work(register: Register, people: Sequence[User | None]) -> list[int]:
    found = {}
    for user in people:
        at = suppliers_with_right(user, rights.LOAD_REGISTERS) if user else []
        if user and (at is None or register.supplier_id in at):
            found[user.pk] = user
    return list(found)
