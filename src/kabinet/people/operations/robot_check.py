"""Take an answer to the robot check once."""

import datetime as dt

from kabinet.common.db import transaction_required
from kabinet.people.models import UsedAnswer
from kabinet.people.queries.links import key_hash
from kabinet.people.queries.robot_check import RobotAnswer, RobotCheckFailed, checked_answer


@transaction_required
def spend_robot_answer(answer: RobotAnswer, *, now: dt.datetime) -> None:
    """Check an answer and remember that it was used. Raises RobotCheckFailed, also for one that was used before.

    When the use-case refuses for another reason afterwards, its rollback makes the answer good again.
    """
    identity, expires_at = checked_answer(answer, now=now)
    _, is_first = UsedAnswer.objects.get_or_create(
        key_hash=key_hash("robot-answer", identity), defaults={"expires_at": expires_at}
    )
    if not is_first:
        raise RobotCheckFailed
