"""Set how the cabinet behaves for a supplier's customers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.operations import check_supplier_card

#: What a supplier sets itself. Details, formats of numbers and where it is billed are the installation's.
SWITCHES = frozenset(
    {
        "phone",
        "email",
        "site",
        "address",
        "number_example",
        "number_hint",
        "proof",
        "access_without_proof",
        "is_listed",
        "reading_opens_day",
        "reading_closes_day",
        "lite_submits_readings",
        "allow_rollover",
        "max_volume_m3",
        "plausible_ratio",
        "reading_note",
        "reading_photos",
        "photo_days",
        "verification_notice_days",
        "accepts_payments",
        "offers_autopay",
        "own_sum_limit_rub",
        "payment_note",
        "offers_certificates",
        "announces_imported_charges",
        "pause_note",
    }
)


class ValueOutOfRange(Refusal):
    """field: the setting."""

    code = "setting-out-of-range"
    message = _("Такое значение здесь невозможно. Проверьте, не слишком ли оно мало или велико.")

    def __init__(self, field: str | None) -> None:
        super().__init__()
        self.field = field


@usecase
def save_supplier_settings(*, supplier_id: int, values: Mapping[str, Any], actor: User, now: dt.datetime) -> list[str]:
    """Write the settings that are given, and give the names of those that have changed; the others stay.

    values  by the name of a setting, one of `SWITCHES`; each is obeyed by the cabinet (docs/adr/0182)

    Raises ValueOutOfRange, the refusals of `check_supplier_card`; NotFound, NotAllowed.
    """
    check_right(actor, rights.SET_SUPPLIER, supplier_id)
    supplier = Supplier.objects.select_for_update().filter(pk=supplier_id).first()
    if supplier is None:
        raise NotFound
    if strangers := set(values) - SWITCHES:
        raise ValueError(f"Not a supplier's own to set: {sorted(strangers)}")
    before = {name: getattr(supplier, name) for name in values}
    for name, value in values.items():
        setattr(supplier, name, value)
    try:
        supplier.clean_fields(exclude=[field.name for field in supplier._meta.fields if field.name not in values])
        check_supplier_card(supplier)
        supplier.validate_constraints()
    except ValidationError as problem:
        named = next(iter(problem.message_dict))
        raise ValueOutOfRange(named if named in values else None) from problem
    changed = [name for name, value in before.items() if getattr(supplier, name) != value]
    if changed:
        supplier.save(update_fields=changed)
        audit.note(
            action="supplier.set",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"supplier:{supplier_id}",
            details={name: [str(before[name]), str(getattr(supplier, name))] for name in changed},
        )
    return changed
