"""Which suppliers, shops and payments a member of staff may see."""

from dataclasses import dataclass

from django.db.models import QuerySet

from kabinet.payments import rules
from kabinet.payments.models import Payment, Shop
from kabinet.people.models import User
from kabinet.people.queries.staff import suppliers_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier


class StateLook:
    """How the state of a payment looks to staff: an icon and a colour of the face."""

    state: str

    @property
    def is_paid(self) -> bool:
        return self.state == rules.PAID

    @property
    def kind(self) -> str:
        return {rules.PAID: "ok", rules.FAILED: "error", rules.HELD: "info"}.get(self.state, "warn")


@dataclass(frozen=True)
class SupplierChoice:
    id: int
    name: str


def suppliers_for_staff(right: str, *, visible_to: User) -> list[SupplierChoice]:
    """Give the suppliers at which a member of staff has a right, by name."""
    seen = suppliers_with_right(visible_to, right)
    suppliers = Supplier.objects.all() if seen is None else Supplier.objects.filter(pk__in=seen)
    return [SupplierChoice(*row) for row in suppliers.order_by("name").values_list("id", "name")]


def payments_of_staff(user: User) -> QuerySet[Payment]:
    """Give the payments of shops that a member of staff may see. The shops are named, so that indexes serve."""
    seen = suppliers_with_right(user, rights.SEE_PAYMENTS)
    shops = Shop.objects.all() if seen is None else Shop.objects.filter(supplier_id__in=seen)
    pairs = list(shops.values_list("supplier_id", "id"))
    return Payment.objects.filter(
        supplier_id__in={supplier_id for supplier_id, _shop_id in pairs}, shop_id__in=[shop_id for _, shop_id in pairs]
    )
