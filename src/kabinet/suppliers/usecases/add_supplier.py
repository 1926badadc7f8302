"""Add a supplier to the installation: its card, and what it charges for."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right_everywhere
from kabinet.people.rules import rights
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.operations.cards import write_card

#: What a gas supplier charges for: code, name as bills have it, place among them. Advances are put on the first.
SERVICES = (
    (Service.GAS, "Газ", 1),
    (Service.MAINTENANCE, "Техническое обслуживание", 2),
    (Service.PENALTY, "Пени", 9),
)


@usecase
def add_supplier(*, code: str, values: Mapping[str, Any], actor: User, now: dt.datetime) -> Supplier:
    """Make a supplier with the services that charges, penalties and fees are put on.

    code    its word in commands and file names; it never changes
    values  the card, by the name of a field, one of `operations.cards.CARD`

    Raises CardIncomplete, SupplierCodeTaken, the refusals of `check_supplier_card`; NotFound and NotAllowed for
    whoever does not run the installation.
    """
    check_right_everywhere(actor, rights.SET_UP_SUPPLIERS)
    supplier = Supplier(code=code)
    write_card(supplier, values)
    supplier.save()
    Service.objects.bulk_create(
        Service(supplier=supplier, code=service, name=name, position=position, is_main=service == Service.GAS)
        for service, name, position in SERVICES
    )
    audit.note(
        action="supplier.added",
        actor=actor,
        now=now,
        supplier_id=supplier.pk,
        subject=f"supplier:{supplier.pk}",
        details={"code": code},
    )
    return supplier
