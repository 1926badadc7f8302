"""Save a format of files: which column is what, and how numbers and days are written in it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import FormatProfile
from kabinet.registers.operations import lock_supplier


class NameMissing(Refusal):
    code = "format-name-missing"
    field = "name"
    message = _("Назовите формат, чтобы его можно было выбрать.")


class NameTaken(Refusal):
    code = "format-name-taken"
    field = "name"
    message = _("Формат с таким названием уже есть. Измените его или назовите этот иначе.")


@usecase
def save_format_profile(
    *,
    supplier_id: int,
    name: str,
    profile: Profile,
    actor: User,
    now: dt.datetime,
    profile_id: int | None = None,
) -> FormatProfile:
    """Keep a new format, or change one. Registers that were read by it keep what they were read by.

    profile_id  of the one that is changed

    Raises NameMissing, NameTaken; NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.LOAD_REGISTERS, supplier_id)
    lock_supplier(supplier_id)
    name = name.strip()[:80]
    if not name:
        raise NameMissing
    kept = FormatProfile.objects.filter(supplier_id=supplier_id, is_removed=False)
    of_name = kept.filter(kind=profile.kind, name=name).first()
    if of_name and of_name.id != profile_id:
        raise NameTaken
    if profile_id is None:
        saved = FormatProfile(supplier_id=supplier_id, version=0)
    else:
        found = kept.filter(id=profile_id).first()
        if found is None:
            raise NotFound
        saved = found

    saved.kind, saved.name, saved.spec = profile.kind, name, profile.to_json()
    saved.version += 1
    saved.changed_by, saved.changed_at = actor, now
    saved.save()
    audit.note(
        action="format_profile.saved",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"format_profile:{saved.id}",
        details={"kind": saved.kind, "version": saved.version},
    )
    return saved
