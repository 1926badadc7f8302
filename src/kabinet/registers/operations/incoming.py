"""Locks of registers that come in, and what their steps share."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.registers.models import Register, RegisterLine


class AnotherRegister(Refusal):
    code = "register-another"
    message = _("Другой реестр этого поставщика сейчас проводится или отменяется. Дождитесь его и повторите.")


@transaction_required
def lock_register(supplier_id: int, register_id: int) -> Register:
    """Lock a register to change its state. Raises NotFound."""
    register = Register.objects.select_for_update(no_key=True, of=["self"]).filter(
        supplier_id=supplier_id, id=register_id
    )
    found = register.first()
    if found is None:
        raise NotFound
    return found


@transaction_required
def take_turn(supplier_id: int, register_id: int) -> Register:
    """Let the work on registers of a supplier go one after another, and give this one as it is then. Raises NotFound.

    A word is locked and not the row, since the row tells others meanwhile how far the work is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"kabinet.registers:{supplier_id}"])
    register = Register.objects.filter(supplier_id=supplier_id, id=register_id).first()
    if register is None:
        raise NotFound
    return register


@transaction_required
def forget_lines(register: Register) -> None:
    """Delete what was read of a register that has not been applied, and what was counted of it."""
    RegisterLine.objects.filter(supplier_id=register.supplier_id, register_id=register.id).delete()
    register.problem, register.sums, register.broken_limits = "", {}, []
    register.new_count = register.changed_count = register.unchanged_count = register.refused_count = 0
    register.step, register.step_began_at, register.lines_done, register.lines_count = "", None, 0, 0
    register.checked_at = None


@transaction_required
def begin_undoing(register: Register, *, actor: User) -> None:
    """Have the worker undo a locked register. Raises AnotherRegister."""
    register.state, register.problem, register.undone_by = Register.State.UNDOING, "", actor
    save_alone(register)
    ask_worker("registers.undo_register", register)


@transaction_required
def save_alone(register: Register) -> None:
    """Save a register that is to be applied or undone: of a supplier one at a time. Raises AnotherRegister."""
    try:
        with transaction.atomic():
            register.save()
    except IntegrityError as error:
        if "register_one_at_a_time" not in str(error):
            raise
        raise AnotherRegister from error


@transaction_required
def ask_worker(task_name: str, register: Register) -> None:
    """Have a register worked on; asked again while such a job waits, nothing is added."""
    outbox.defer(
        task_name,
        queueing_lock=f"{task_name}:{register.supplier_id}:{register.id}",
        supplier_id=register.supplier_id,
        register_id=register.id,
    )
