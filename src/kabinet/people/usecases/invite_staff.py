"""Invite somebody to the staff: a role is offered to an address."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import Invitation, StaffRole, User
from kabinet.people.operations.registrations import lock_address
from kabinet.people.operations.staff import OwnRole, check_may_appoint, note_invitation, send_invitation
from kabinet.people.rules import rights
from kabinet.people.rules.addresses import AddressProblem, canonical_email
from kabinet.people.usecases.grant_role import RoleHasItsPlace

DAY = dt.timedelta(days=1)
#: Invitations are letters to strangers: nobody sends them by the thousand.
MOST_A_DAY = 50


class AddressUnusable(Refusal):
    code = "address-unusable"
    field = "email"
    message = _("Проверьте адрес: на такой адрес письмо не отправить. Пример: ivanov@example.ru.")


class HasThatRole(Refusal):
    code = "has-that-role"
    field = "email"
    message = _("У человека с этим адресом такая роль уже есть.")


class InvitedAlready(Refusal):
    code = "invited-already"
    field = "email"
    message = _("Приглашение с этой ролью уже ждёт ответа. Его можно отправить ещё раз или отозвать.")


class TooManyInvitations(Refusal):
    code = "too-many-invitations"
    message = _("Сегодня Вы отправили уже много приглашений. Продолжите завтра.")


@usecase
def invite_staff(
    *, email: str, role: str, supplier_id: int | None, language: str, actor: User, now: dt.datetime
) -> Invitation:
    """Offer a role. The letter goes at once; for a role that takes two people, after another one has confirmed it.

    supplier_id  None for a role of the installation

    Raises the refusals above, OwnRole, RoleHasItsPlace; NotFound and NotAllowed for whoever may not give that role.
    """
    check_may_appoint(actor, role, supplier_id)
    if not rights.has_its_place(role, supplier_id):
        raise RoleHasItsPlace
    try:
        email_canonical = canonical_email(email)
    except AddressProblem as problem:
        raise AddressUnusable from problem
    if email_canonical == actor.email_canonical:
        raise OwnRole
    if Invitation.objects.filter(invited_by=actor, invited_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise TooManyInvitations
    lock_address(email_canonical)
    here = {"role": role, "supplier_id": supplier_id}
    if StaffRole.objects.filter(user__email_canonical=email_canonical, **here).exists():
        raise HasThatRole
    if Invitation.objects.filter(email_canonical=email_canonical, accepted_at=None, withdrawn_at=None, **here).exists():
        raise InvitedAlready

    invitation = Invitation.objects.create(
        email=email, email_canonical=email_canonical, language=language, invited_by=actor, invited_at=now, **here
    )
    if not invitation.waits_for_second:
        send_invitation(invitation, now=now)
    note_invitation(invitation, "made", actor=actor, now=now)
    return invitation
