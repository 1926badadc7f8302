"""What the installation writes on a supplier's card; the rest are switches of the supplier itself."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations.checks import check_supplier_card

#: Details, where bills are counted, and how numbers of accounts are written.
CARD = frozenset(
    {
        "name",
        "full_name",
        "inn",
        "kpp",
        "billing",
        "time_zone",
        "form_name",
        "number_pattern",
        "number_length",
        "number_kept",
        "number_check",
        "number_example",
    }
)


class SupplierCodeTaken(Refusal):
    code = "supplier-code-taken"
    field = "code"
    message = _("Такой код уже есть у другого поставщика. Придумайте иной.")


class CardIncomplete(Refusal):
    """field: what is missing, or cannot be so."""

    code = "supplier-card-incomplete"
    message = _("Заполните это поле: таким оно быть не может.")

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


def write_card(supplier: Supplier, values: Mapping[str, Any]) -> list[str]:
    """Put values on a card that is not saved here, and name those that have changed.

    values  by the name of a field, one of CARD

    Raises CardIncomplete, SupplierCodeTaken, the refusals of `check_supplier_card`.
    """
    if strangers := set(values) - CARD:
        raise ValueError(f"Not on the card: {sorted(strangers)}")
    changed = [name for name, value in values.items() if getattr(supplier, name) != value]
    for name, value in values.items():
        setattr(supplier, name, value)
    try:
        supplier.clean_fields()
    except ValidationError as problem:
        raise CardIncomplete(next(iter(problem.message_dict))) from problem
    if Supplier.objects.filter(code=supplier.code).exclude(pk=supplier.pk).exists():
        raise SupplierCodeTaken
    check_supplier_card(supplier)
    return changed
