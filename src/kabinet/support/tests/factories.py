"""Questions for tests of every app."""

import datetime as dt
import itertools
from typing import Any
from uuid import uuid4

from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier
from kabinet.support.models import Message, Question

DUE = dt.date(2026, 11, 26)

_numbers = itertools.count(1)


def make_question(user: User, **values: Any) -> Question:
    waits = values.get("state", "waiting") == "waiting"
    defaults = {
        "subject": "Не вижу оплату",
        "text": "Заплатила вчера.",
        "request_id": uuid4(),
        "asked_at": NOW,
        "due_on": DUE if waits else None,
    }
    return Question.objects.create(user=user, **(defaults | values))


def make_message(question: Question, author: User, text: str = "Спасибо.", **values: Any) -> Message:
    defaults = {"kind": "customer", "request_id": uuid4(), "sent_at": NOW}
    return Message.objects.create(question=question, author=author, text=text, **(defaults | values))


def make_staff_of(supplier: Supplier | None, *, role: str = "support") -> User:
    """Make a member of a supplier's staff; None: of the installation."""
    user = make_user(f"answering{next(_numbers)}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    return user
