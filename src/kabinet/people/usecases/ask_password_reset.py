"""«Забыли пароль?»: the owner of an address asks for a link to choose a new one."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.operations import counters
from kabinet.people.operations import users as operations
from kabinet.people.operations.robot_check import spend_robot_answer
from kabinet.people.queries.robot_check import RobotAnswer
from kabinet.people.rules.addresses import AddressProblem, canonical_email


@usecase
def ask_password_reset(*, email: str, robot_answer: RobotAnswer, ip: str, now: dt.datetime) -> None:
    """Send a link if there is such a cabinet. The answer is the same if there is none.

    Raises RobotCheckFailed, TooManyLetters.
    """
    spend_robot_answer(robot_answer, now=now)
    try:
        email_canonical = canonical_email(email)
    except AddressProblem:
        return
    counters.count_letter(to=email_canonical, ip=ip, now=now)
    user = User.objects.select_for_update().filter(email_canonical=email_canonical, is_active=True).first()
    if user:
        operations.send_reset_link(user, now=now)
        audit.note(action="password.reset-asked", actor=None, now=now, subject=f"user:{user.pk}")
