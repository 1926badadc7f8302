"""Who of the staff may do what, and where. Read at each request, from the database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import StaffRole, User
from kabinet.people.rules import rights


class NotAllowed(Refusal):
    code = "not-allowed"
    message = _("Ваша роль этого не позволяет. Попросите сотрудника, у которого есть такое право.")


@dataclass(frozen=True)
class RoleRow:
    """A role of a member of staff; supplier_id None: at the whole installation."""

    role: str
    label: str
    supplier_id: int | None
    supplier_name: str


@dataclass(frozen=True)
class StaffCard:
    """Who somebody of the staff is: what the frame of the office shows, read once for a page."""

    name: str
    roles: Sequence[RoleRow]

    @property
    def suppliers(self) -> frozenset[int] | None:
        """Whose rows they may meet at all; None: those of every supplier of the installation."""
        at = {row.supplier_id for row in self.roles}
        return None if None in at else frozenset(supplier_id for supplier_id in at if supplier_id is not None)

    def may(self, right: str) -> bool:
        """Tell whether there is any place where they have a right."""
        return any(rights.may(frozenset({row.role}), right) for row in self.roles)

    def suppliers_with(self, right: str) -> list[int] | None:
        """Name the suppliers at which they have a right; None: at every supplier of the installation."""
        at = [row.supplier_id for row in self.roles if rights.may(frozenset({row.role}), right)]
        return None if None in at else sorted({supplier_id for supplier_id in at if supplier_id is not None})

    def sees_at(self, field: str, supplier_id: int) -> bool:
        """Tell whether they see a field of a supplier's customers: `rights.SHOWN_BY`."""
        return self.may_at(rights.SHOWN_BY[field], supplier_id)

    def may_at(self, right: str, supplier_id: int) -> bool:
        held = frozenset(row.role for row in self.roles if row.supplier_id in (None, supplier_id))
        return rights.may(held, right)


def staff_card(user: User) -> StaffCard:
    """Give a member of staff with their roles. Raises NotFound for everybody else."""
    roles = []
    if user.is_active and user.is_staff:
        found = StaffRole.objects.filter(user=user).order_by(F("supplier__name").asc(nulls_first=True), "role")
        roles = [
            RoleRow(row.role, str(row.get_role_display()), row.supplier_id, row.supplier.name if row.supplier else "")
            for row in found.select_related("supplier")
        ]
    if not roles:
        raise NotFound
    return StaffCard(name=user.get_full_name() or user.email, roles=roles)


def staff_name(user: User | None) -> str:
    """Give the name by which colleagues know somebody; the address of whoever has given none; empty for nobody."""
    return (user.get_full_name() or user.email) if user else ""


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


def staff_with_right(right: str, supplier_id: int) -> list[User]:
    """Give those who work at a supplier and have a right there: a letter about it is for them."""
    holders = User.objects.filter(
        is_active=True, staff_roles__supplier_id=supplier_id, staff_roles__role__in=rights.RIGHTS[right]
    )
    return list(holders.distinct().order_by("pk"))


def roles_counts(supplier_ids: Collection[int]) -> Counter[tuple[int, str]]:
    """Count who works at these suppliers: by supplier and role."""
    rows = StaffRole.objects.filter(supplier_id__in=supplier_ids, user__is_active=True)
    return Counter(rows.values_list("supplier_id", "role"))


def check_right_everywhere(user: User, right: str) -> None:
    """Let through a member of staff who has a right at the whole installation.

    Raises NotFound for customers, NotAllowed for other staff.
    """
    if suppliers_with_right(user, right) is None:
        return
    staff_card(user)
    raise NotAllowed


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
