"""Read a register: the format is chosen, and the worker reads the file and checks each of its lines."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import Register
from kabinet.registers.operations import incoming


class ProfileOfAnotherKind(Refusal):
    code = "register-profile-kind"
    field = "profile"
    message = _("Этот формат — для реестров другого вида. Выберите формат того же вида, что и файл.")


class TooLateToRead(Refusal):
    code = "register-too-late-to-read"
    message = _("Этот реестр уже проводится, проведён или снят: читать его заново нельзя.")


class UploadedAgain(Refusal):
    code = "register-uploaded-again"
    message = _("Этот же файл тем временем загружен ещё раз. Работайте с тем реестром, а этот снимите.")


READABLE = (Register.State.UPLOADED, Register.State.CHECKED, Register.State.REFUSED)


@usecase
def read_register(
    *, supplier_id: int, register_id: int, profile: Profile, profile_name: str, actor: User | None, now: dt.datetime
) -> Register:
    """Have the worker read the file by a format. Again, with another format: what was read is forgotten.

    profile       kept with the register as it is now, whatever becomes of the format later
    profile_name  as it is shown

    Raises the refusals above; NotFound, and NotAllowed for whoever lacks the right.
    """
    if actor is not None:
        check_right(actor, rights.LOAD_REGISTERS, supplier_id)
    register = incoming.lock_register(supplier_id, register_id)
    if register.state == Register.State.READING and register.profile == profile.to_json():
        return register
    if register.state not in READABLE:
        raise TooLateToRead
    if profile.kind != register.kind:
        raise ProfileOfAnotherKind

    incoming.forget_lines(register)
    register.state = Register.State.READING
    register.profile, register.profile_name = profile.to_json(), profile_name[:80]
    try:
        with transaction.atomic():
            register.save()
    except IntegrityError as error:
        if "register_file_once" not in str(error):
            raise
        raise UploadedAgain from error
    incoming.ask_worker("registers.check_register", register)
    audit.note(
        action="register.read",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register:{register.id}",
        details={"profile": register.profile_name},
    )
    return register
