"""Give somebody a role of staff."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import StaffRole, User
from kabinet.people.operations import roles
from kabinet.people.operations import users as operations
from kabinet.people.rules import rights
from kabinet.people.rules.addresses import canonical_email


class NoSuchPerson(Refusal):
    code = "no-such-person"
    field = "email"
    message = _("Кабинета с таким адресом нет. Сначала человек регистрируется сам, как все.")


class RoleHasItsPlace(Refusal):
    code = "role-has-its-place"
    field = "supplier"
    message = _(
        "Оператор и справочная служба назначаются на всю установку, руководитель, бухгалтер и поддержка — у поставщика."
    )


@usecase
def grant_role(*, email: str, role: str, supplier_id: int | None, actor: User | None, now: dt.datetime) -> StaffRole:
    """Make a person staff in a role; the same role again changes nothing.

    Whoever becomes staff by it chooses a new password by a mailed link, since customers may have a short one. The old
    one and all sessions end at once.

    supplier_id  None for a role of the installation, which is held everywhere
    actor        None: whoever runs a command on the server

    Raises NoSuchPerson, RoleHasItsPlace.
    """
    user = User.objects.select_for_update().filter(email_canonical=canonical_email(email), is_active=True).first()
    if user is None:
        raise NoSuchPerson
    if not rights.has_its_place(role, supplier_id):
        raise RoleHasItsPlace
    if not user.is_staff:
        user.set_unusable_password()
        user.sessions_epoch += 1
        user.save(update_fields=["password", "sessions_epoch"])
        operations.send_reset_link(user, now=now)
    return roles.give_role(user, role, supplier_id, actor=actor, now=now)
