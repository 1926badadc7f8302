"""Name a direction of use of gas: prices, norms and accounts refer to it by its code."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier, UsagePurpose


class PurposeCodeTaken(Refusal):
    code = "purpose-code-taken"
    field = "code"
    message = _("Направление с таким кодом у поставщика уже есть.")


@usecase
def name_usage_purpose(*, supplier_id: int, code: str, name: str, actor: User, now: dt.datetime) -> UsagePurpose:
    """Add a direction to those of a supplier.

    code  as price orders in files have it: cooking, heating

    Raises PurposeCodeTaken; NotFound, NotAllowed.
    """
    check_right(actor, rights.SET_UP_SUPPLIERS, supplier_id)
    if not Supplier.objects.select_for_update().filter(pk=supplier_id).exists():
        raise NotFound
    if UsagePurpose.objects.filter(supplier_id=supplier_id, code=code).exists():
        raise PurposeCodeTaken
    purpose = UsagePurpose.objects.create(supplier_id=supplier_id, code=code, name=name)
    audit.note(
        action="supplier.purpose_named",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"supplier:{supplier_id}",
        details={"code": code, "name": name},
    )
    return purpose
