"""Setting a volume factor: shared by the operator's terminal and by what two members of staff have agreed upon."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.tariffs.models import VolumeFactor
from kabinet.tariffs.operations import terms


class FactorNotPositive(Refusal):
    code = "factor-not-positive"
    field = "factor"
    message = _("Коэффициент должен быть больше нуля.")


class FactorOverlaps(Refusal):
    code = "factor-overlaps"
    field = "valid_from"
    message = _("На эти дни коэффициент уже задан: он действует с %(since)s. Выберите другие дни или замените его.")


@transaction_required
def set_factor(
    supplier: Supplier,
    *,
    region_code: str,
    factor: Decimal,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool,
    actor: User | None,
    now: dt.datetime,
) -> terms.Change[VolumeFactor]:
    """Set a factor after `lock_terms`; the arguments are those of `set_volume_factor`, and so is what is raised."""
    if factor <= 0:
        raise FactorNotPositive
    terms.check_days(valid_from, valid_until)

    gave_way = terms.make_room(
        VolumeFactor.objects.filter(supplier_id=supplier.pk, region_code=region_code),
        valid_from=valid_from,
        valid_until=valid_until,
        replaces=replaces,
        refusal=FactorOverlaps,
        now=now,
    )
    saved = VolumeFactor.objects.create(
        supplier_id=supplier.pk,
        region_code=region_code,
        factor=factor,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        set_at=now,
    )
    audit.note(
        action="volume_factor.set",
        actor=actor,
        now=now,
        supplier_id=supplier.pk,
        subject=f"volume_factor:{saved.id}",
        details={"factor": str(factor), "valid_from": str(valid_from), "gave_way": gave_way},
    )
    return terms.Change(saved, terms.affected_since(supplier, valid_from, now=now), bool(gave_way))
