"""Roles of staff, given and taken away: what a command, the admin and an invitation share."""

import datetime as dt
from typing import Any

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.people.models import StaffRole, User


@transaction_required
def give_role(user: User, role: str, supplier_id: int | None, *, actor: User | None, now: dt.datetime) -> StaffRole:
    """Make a person staff in a role; the same role again changes nothing. Lock the user's row before."""
    place: dict[str, Any] = {"supplier_id": supplier_id}
    given, is_new = StaffRole.objects.get_or_create(user=user, role=role, **place)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    if is_new:
        _note("granted", user, role, supplier_id, actor=actor, now=now)
    return given


@transaction_required
def take_role(user: User, role: str, supplier_id: int | None, *, actor: User | None, now: dt.datetime) -> None:
    """Take a role away; with the last one a person is no longer staff. Lock the user's row before."""
    place: dict[str, Any] = {"supplier_id": supplier_id}
    deleted, _rows = StaffRole.objects.filter(user=user, role=role, **place).delete()
    if not deleted:
        return
    if not user.is_superuser and not user.staff_roles.exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    _note("withdrawn", user, role, supplier_id, actor=actor, now=now)


def _note(act: str, user: User, role: str, supplier_id: int | None, *, actor: User | None, now: dt.datetime) -> None:
    audit.note(
        action=f"staff_role.{act}",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"user:{user.pk}",
        details={"role": role},
    )
