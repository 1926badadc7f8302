"""Take a role of staff away."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import StaffRole, User
from kabinet.people.operations import roles
from kabinet.people.operations.staff import OwnRole, check_may_appoint
from kabinet.people.rules import rights


class LastOfTheirKind(Refusal):
    code = "last-of-their-kind"
    message = _("Это последний, кто управляет здесь ролями. Сначала назначьте другого.")


@usecase
def withdraw_role(*, user_id: int, role: str, supplier_id: int | None, actor: User | None, now: dt.datetime) -> None:
    """Take a role away; with the last one a person is no longer staff. A role that is not there changes nothing.

    actor  None: whoever runs a command on the server; the admin's superuser may do what a command does

    Raises NotFound, NotAllowed, OwnRole; LastOfTheirKind for the last manager of a supplier, or the last
    operator, who can sign in.
    """
    place: dict[str, Any] = {"supplier_id": supplier_id}
    if actor is not None and not actor.is_superuser:
        check_may_appoint(actor, role, supplier_id)
        if actor.pk == user_id:
            raise OwnRole
        # Locked all together: of two managers who dismiss each other at once, one stays.
        alike = list(StaffRole.objects.select_for_update().filter(role=role, **place).order_by("id"))
        if role in rights.APPOINTS and _who_can_sign_in({held.user_id for held in alike}) == {user_id}:
            raise LastOfTheirKind
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotFound
    roles.take_role(user, role, supplier_id, actor=actor, now=now)


def _who_can_sign_in(user_ids: Collection[int]) -> set[int]:
    """Leave out who is switched off, and who was given a role by a command and has not chosen a password yet."""
    users = User.objects.filter(pk__in=user_ids, is_active=True, is_staff=True)
    return {user.pk for user in users if user.has_usable_password()}
