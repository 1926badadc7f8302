"""Who of the staff may do what, and where. Read at each request, from the database."""

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import StaffRole, User
from kabinet.people.rules import rights


class NotAllowed(Refusal):
    code = "not-allowed"
    message = _("Ваша роль этого не позволяет. Попросите сотрудника, у которого есть такое право.")


def suppliers_with_right(user: User, right: str) -> list[int] | None:
    """Name the suppliers at which a member of staff has a right; None: at every supplier of the installation."""
    if not (user.is_active and user.is_staff):
        return []
    roles: dict[int | None, set[str]] = defaultdict(set)
    for role in StaffRole.objects.filter(user=user):
        roles[role.supplier_id].add(role.role)
    if rights.may(frozenset(roles.pop(None, ())), right):
        return None
    return sorted(
        supplier_id for supplier_id, at in roles.items() if supplier_id is not None and rights.may(frozenset(at), right)
    )


def check_right(user: User, right: str, supplier_id: int) -> None:
    """Let through a member of staff who has a right at a supplier.

    Raises NotFound for whoever has nothing to do with that supplier, NotAllowed for its staff without the right.
    """
    if not (user.is_active and user.is_staff):
        raise NotFound
    roles = StaffRole.objects.filter(Q(supplier_id=supplier_id) | Q(supplier__isnull=True), user=user)
    held = frozenset(role.role for role in roles)
    if not held:
        raise NotFound
    if not rights.may(held, right):
        raise NotAllowed
