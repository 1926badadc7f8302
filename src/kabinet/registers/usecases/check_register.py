"""Check a register: the worker reads its file and judges each of its lines; nothing else changes."""

import datetime as dt

from django.db import transaction

from kabinet.common.db import usecase, without_time_limit
from kabinet.outbox import operations as outbox
from kabinet.registers.facts import RegisterNeedsSecondPerson
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.reading import FileRefused
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming, judging
from kabinet.registers.operations.progress import progress_of
from kabinet.registers.operations.staging import stage


@usecase
def check_register(*, supplier_id: int, register_id: int, now: dt.datetime, is_decided_next: bool = False) -> bool:
    """Read and judge a register in one transaction; say whether it could be read. Again: nothing is done.

    is_decided_next  whoever calls lets it be applied at once: nobody has to be asked for it

    A worker that dies in the middle leaves nothing of it behind: the file is read again, whole. Raises NotFound.
    """
    register = incoming.take_turn(supplier_id, register_id)
    if register.state != Register.State.READING or register.profile is None:
        return register.state == Register.State.CHECKED

    profile = Profile.from_json(register.profile)
    problem = ""
    with progress_of(register) as progress, without_time_limit():
        try:
            with transaction.atomic():
                progress.begin(Register.Step.LINES)
                staged = stage(register, profile, progress)
                progress.begin(Register.Step.CHECKS, staged.rows_count)
                judging.judge(register, profile, staged, now=now)
        except FileRefused as refused:
            problem = str(refused)

    current = incoming.lock_register(supplier_id, register_id)
    if current.state != Register.State.READING or current.profile != register.profile:
        transaction.set_rollback(True)  # somebody has given it up meanwhile, or chosen another format
        return False
    register.state = Register.State.REFUSED if problem else Register.State.CHECKED
    register.problem, register.checked_at, register.step = problem[:1000], now, ""
    if not is_decided_next and _needs_second_person(register):
        register.told_at = now
        outbox.record(RegisterNeedsSecondPerson(supplier_id=supplier_id, register_id=register.id))
    register.save()
    return not problem


def _needs_second_person(register: Register) -> bool:
    """Tell whether somebody has yet to be told that there is something to decide."""
    is_ready = register.state == Register.State.CHECKED and register.told_at is None
    return is_ready and register.changes_money and register.new_count + register.changed_count > 0
