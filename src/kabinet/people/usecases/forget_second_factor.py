"""Forget a second factor: a phone is lost, and the recovery codes with it."""

import datetime as dt

from allauth.mfa.models import Authenticator

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.outbox import operations as outbox
from kabinet.people.facts import SecondFactorChanged
from kabinet.people.models import User
from kabinet.people.operations import users as operations
from kabinet.people.queries.second_factor import has_second_factor
from kabinet.people.rules.addresses import canonical_email
from kabinet.people.usecases.grant_role import NoSuchPerson


class NoSecondFactor(Refusal):
    code = "no-second-factor"
    field = "email"
    message = "There is no second factor to forget."  # said by a command, to whoever runs the server


@usecase
def forget_second_factor(*, email: str, now: dt.datetime) -> User:
    """Take away all second factors of a person, their sessions, devices and password; the mailbox lets them in anew.

    For whoever runs a command on the server and has made sure who asks: nobody in the office may do this to another.
    The link that is mailed gives a new password, and the office opens only after a new second factor.

    Raises NoSuchPerson, NoSecondFactor.
    """
    user = User.objects.select_for_update().filter(email_canonical=canonical_email(email), is_active=True).first()
    if user is None:
        raise NoSuchPerson
    if not has_second_factor(user):
        raise NoSecondFactor
    Authenticator.objects.filter(user=user).delete()
    operations.shut(user, now=now)
    audit.note(action="second-factor.forgotten", actor=None, now=now, subject=f"user:{user.pk}")
    outbox.record(SecondFactorChanged(user_id=user.pk, change="forgotten"))
    return user
