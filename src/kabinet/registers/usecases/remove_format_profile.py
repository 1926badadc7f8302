"""Take a format of files away: it can be chosen no more."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import FormatProfile


@usecase
def remove_format_profile(*, supplier_id: int, profile_id: int, actor: User, now: dt.datetime) -> None:
    """Let nobody choose a format any more. Again: nothing changes. Raises NotFound, NotAllowed."""
    check_right(actor, rights.LOAD_REGISTERS, supplier_id)
    profile = FormatProfile.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id, id=profile_id)
    found = profile.first()
    if found is None:
        raise NotFound
    if found.is_removed:
        return
    found.is_removed = True
    found.changed_by, found.changed_at = actor, now
    found.save(update_fields=["is_removed", "changed_by", "changed_at"])
    audit.note(
        action="format_profile.removed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"format_profile:{found.id}",
        details={"kind": found.kind},
    )
