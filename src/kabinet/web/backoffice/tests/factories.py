"""Staff for tests of the office."""

from itertools import count
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP

from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier

_numbers = count(1)


def make_member(role: str, supplier: Supplier | None = None, **fields: Any) -> User:
    """Make a member of staff with one role and the second factor that the office asks for."""
    user = make_user(f"{role}{next(_numbers)}@example.ru", is_staff=True, **fields)
    StaffRole.objects.create(user=user, supplier=supplier, role=role)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return user
