"""Questions for tests of every app."""

from typing import Any
from uuid import uuid4

from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.support.models import Question


def make_question(user: User, **values: Any) -> Question:
    defaults = {"subject": "Не вижу оплату", "text": "Заплатила вчера.", "request_id": uuid4(), "asked_at": NOW}
    return Question.objects.create(user=user, **(defaults | values))
