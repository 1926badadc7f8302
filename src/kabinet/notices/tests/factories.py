"""Notices for tests of every app."""

import itertools
from typing import Any
from uuid import uuid4

from kabinet.common.testing import NOW
from kabinet.notices.models import Notice
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier

_numbers = itertools.count(1)


def make_manager(supplier: Supplier) -> User:
    """Make a member of a supplier's staff who sends its notices."""
    user = make_user(f"manager{next(_numbers)}@example.ru", is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role="manager")
    return user


def make_notice(supplier: Supplier, **values: Any) -> Notice:
    """Store a draft; in any other state as if sent at NOW."""
    is_draft = values.get("state", "draft") == "draft"
    defaults = {
        "subject": "Перерыв в подаче газа",
        "text": "25 ноября с 10 до 16 часов газа не будет.",
        "request_id": uuid4(),
        "written_at": NOW,
        "sending_since": None if is_draft else NOW,
    }
    return Notice.objects.create(supplier=supplier, **(defaults | values))
