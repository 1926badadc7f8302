"""Accept an invitation: the link was pressed, and somebody is staff."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import PasswordChanged, StaffRoleGiven
from kabinet.people.models import Invitation, User
from kabinet.people.operations import passwords
from kabinet.people.operations.registrations import lock_address
from kabinet.people.operations.roles import give_role
from kabinet.people.operations.staff import check_still_may_appoint, note_invitation
from kabinet.people.queries import invitations as queries
from kabinet.people.queries import passwords as password_queries
from kabinet.people.queries.links import LinkOld
from kabinet.people.queries.second_factor import has_second_factor
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.rules.names import NotAName, tidy_name


class NameMissing(Refusal):
    """field: ``surname`` or ``given_name``."""

    code = "name-missing"
    message = _("Напишите буквами: так Вас увидят коллеги рядом с Вашими решениями.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


@usecase
def accept_invitation(*, token: str, surname: str, given_name: str, password: str, now: dt.datetime) -> User:
    """Give the role that is offered; an address without a cabinet gets one, as the link proves whose it is.

    surname, given_name  asked of whoever has none yet, for colleagues see them
    password             asked of whoever is not staff yet, by the strong rule; their other sessions end. Nobody is
                         signed in by a link, and the office asks for a second factor before its first page

    Raises LinkForeign, LinkOld, LinkReplaced, LinkUsed, NameMissing, PasswordUnfit.
    """
    invitation = queries.invitation_by_link(token, now=now)
    lock_address(invitation.email_canonical)
    Invitation.objects.select_for_update().get(pk=invitation.pk)
    invitation = queries.invitation_by_link(token, now=now)
    user = User.objects.select_for_update().filter(email_canonical=invitation.email_canonical).first()
    if user and not user.is_active:
        raise LinkOld
    try:
        for person in filter(None, (invitation.invited_by, invitation.confirmed_by)):
            check_still_may_appoint(person, invitation.role, invitation.supplier_id)
    except (NotFound, NotAllowed) as gone:
        raise LinkOld from gone  # whoever has invited or confirmed is no longer one who may: others have to

    user = user or User(
        email=invitation.email, email_canonical=invitation.email_canonical, language=invitation.language
    )
    if not user.get_full_name():
        _name(user, surname=surname, given_name=given_name)
    if not user.is_staff:
        user.password = passwords.fit_password_hash(
            password,
            policy=password_queries.password_policy(is_staff=True),
            has_second_factor=user.pk is not None and has_second_factor(user),
        )
        user.sessions_epoch += 1
        is_change = user.pk is not None
        user.save()
        if is_change:
            outbox.record(PasswordChanged(user_id=user.pk))

    give_role(user, invitation.role, invitation.supplier_id, actor=invitation.invited_by, now=now)
    invitation.accepted_at = now
    invitation.user = user
    invitation.save(update_fields=["accepted_at", "user"])
    outbox.record(StaffRoleGiven(invitation_id=invitation.pk))
    note_invitation(invitation, "accepted", actor=user, now=now)
    return user


def _name(user: User, *, surname: str, given_name: str) -> None:
    for field, typed in (("surname", surname), ("given_name", given_name)):
        try:
            name = tidy_name(typed)
        except NotAName as problem:
            raise NameMissing(field) from problem
        if not name:
            raise NameMissing(field)
        setattr(user, field, name)
