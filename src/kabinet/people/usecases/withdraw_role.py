"""Take a role of staff away."""

import datetime as dt
from typing import Any

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import StaffRole, User


@usecase
def withdraw_role(*, user_id: int, role: str, supplier_id: int | None, actor: User | None, now: dt.datetime) -> None:
    """Take a role away; with the last one a person is no longer staff. A role that is not there changes nothing."""
    user = User.objects.select_for_update().get(pk=user_id)
    place: dict[str, Any] = {"supplier_id": supplier_id}
    deleted, _rows = StaffRole.objects.filter(user=user, role=role, **place).delete()
    if not deleted:
        return
    if not user.is_superuser and not user.staff_roles.exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    audit.note(
        action="staff_role.withdrawn",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"user:{user.pk}",
        details={"role": role},
    )
