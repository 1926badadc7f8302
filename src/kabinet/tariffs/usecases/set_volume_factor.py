"""Set a volume factor: what a volume that a meter in the cold shows is multiplied by."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import VolumeFactor


class FactorNotPositive(Refusal):
    code = "factor-not-positive"
    field = "factor"
    message = _("Коэффициент должен быть больше нуля.")


class FactorOverlaps(Refusal):
    code = "factor-overlaps"
    field = "valid_from"
    message = _("На эти дни коэффициент уже задан: он действует с %(since)s. Выберите другие дни или замените его.")


@usecase
def set_volume_factor(
    *,
    supplier_id: int,
    region_code: str,
    factor: Decimal,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool = False,
    is_trial: bool = False,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[VolumeFactor]:
    """Set a factor on the days [valid_from, valid_until). A factor without an end that began earlier ends there.

    region_code  as the accounts name it; "" for every region that has none of its own
    replaces     factors that stand on these days give way; before and after them they go on
    is_trial     nothing is kept: it raises what it would raise, and tells which months it would touch
    actor        None for the operator's terminal

    Raises FactorNotPositive, DaysReversed, FactorOverlaps; NotFound; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    supplier = operations.lock_terms(supplier_id)
    if factor <= 0:
        raise FactorNotPositive
    operations.check_days(valid_from, valid_until)

    gave_way = operations.make_room(
        VolumeFactor.objects.filter(supplier_id=supplier_id, region_code=region_code),
        valid_from=valid_from,
        valid_until=valid_until,
        replaces=replaces,
        refusal=FactorOverlaps,
        now=now,
    )
    saved = VolumeFactor.objects.create(
        supplier_id=supplier_id,
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
        supplier_id=supplier_id,
        subject=f"volume_factor:{saved.id}",
        details={"factor": str(factor), "valid_from": str(valid_from), "gave_way": gave_way},
    )
    transaction.set_rollback(is_trial)
    return operations.Change(saved, operations.affected_since(supplier, valid_from, now=now), bool(gave_way))
