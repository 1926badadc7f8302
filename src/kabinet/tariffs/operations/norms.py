"""Setting a norm: shared by the operator's terminal and by what two members of staff have agreed upon."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.tariffs.models import Norm
from kabinet.tariffs.operations import terms
from kabinet.tariffs.rules import MONTHS


class NormNotPositive(Refusal):
    code = "norm-not-positive"
    field = "printed_value"
    message = _("Норматив должен быть больше нуля.")


class NormUnitMissing(Refusal):
    code = "norm-unit-missing"
    field = "unit_code"
    message = _("Назовите, на что этот норматив: например, баня, теплица или корова.")


class NormProfileMissing(Refusal):
    code = "norm-profile-missing"
    field = "profile"
    message = _(
        "По нормативу за год не видно, сколько приходится на каждый месяц. "
        "Введите двенадцать чисел: сколько м³ в январе, феврале и так до декабря."
    )


class NormProfileIncomplete(Refusal):
    code = "norm-profile-incomplete"
    field = "profile"
    message = _("Нужно двенадцать чисел, по одному на месяц с января по декабрь, а введено %(count)s.")


class NormProfileBelowZero(Refusal):
    code = "norm-profile-below-zero"
    field = "profile"
    message = _("Норматив месяца не бывает меньше нуля. Для месяца без расхода введите 0.")


class NormProfileSumsToAnother(Refusal):
    code = "norm-profile-sums-to-another"
    field = "profile"
    message = _(
        "Двенадцать месяцев дают вместе %(sum_m3)s м³, а норматив за год — %(printed_m3)s м³. Проверьте числа по акту."
    )


class NormOverlaps(Refusal):
    code = "norm-overlaps"
    field = "valid_from"
    message = _("На эти дни норматив уже задан: он действует с %(since)s. Выберите другие дни или замените его.")


@transaction_required
def set_norm(
    supplier: Supplier,
    *,
    region_code: str,
    usage_purpose_code: str,
    unit: str,
    unit_code: str,
    unit_name: str,
    printed_value: Decimal,
    printed_period: str,
    profile: Sequence[Decimal] | None,
    valid_from: dt.date,
    valid_until: dt.date | None,
    source: str,
    replaces: bool,
    actor: User | None,
    now: dt.datetime,
) -> terms.Change[Norm]:
    """Set a norm after `lock_terms`; the arguments are those of the use-case `set_norm`, and so is what is raised."""
    if printed_value <= 0:
        raise NormNotPositive
    is_per_unit = unit == Norm.Unit.UNIT
    if is_per_unit and not (unit_code and unit_name):
        raise NormUnitMissing
    monthly_m3 = _monthly(printed_value, printed_period, profile)
    terms.check_days(valid_from, valid_until)
    terms.check_purpose(supplier.pk, usage_purpose_code)

    key = {
        "supplier_id": supplier.pk,
        "region_code": region_code,
        "usage_purpose_code": usage_purpose_code,
        "unit": unit,
        "unit_code": unit_code if is_per_unit else "",
    }
    gave_way = terms.make_room(
        Norm.objects.filter(**key),
        valid_from=valid_from,
        valid_until=valid_until,
        replaces=replaces,
        refusal=NormOverlaps,
        now=now,
    )
    norm = Norm.objects.create(
        **key,
        unit_name=unit_name if is_per_unit else "",
        printed_value=printed_value,
        printed_period=printed_period,
        monthly_m3=monthly_m3,
        valid_from=valid_from,
        valid_until=valid_until,
        source=source,
        set_at=now,
    )
    audit.note(
        action="norm.set",
        actor=actor,
        now=now,
        supplier_id=supplier.pk,
        subject=f"norm:{norm.id}",
        details={"printed_value": str(printed_value), "valid_from": str(valid_from), "gave_way": gave_way},
    )
    return terms.Change(norm, terms.affected_since(supplier, valid_from, now=now), bool(gave_way))


def _monthly(printed_value: Decimal, printed_period: str, profile: Sequence[Decimal] | None) -> list[Decimal]:
    """Give twelve monthly values, or say what is wrong with those that there are."""
    is_yearly = printed_period == Norm.PrintedPeriod.YEAR
    if profile is None:
        if is_yearly:
            raise NormProfileMissing
        return [printed_value] * MONTHS
    if len(profile) != MONTHS:
        raise NormProfileIncomplete(count=len(profile))
    if min(profile) < 0:
        raise NormProfileBelowZero
    if is_yearly and sum(profile) != printed_value:
        raise NormProfileSumsToAnother(sum_m3=sum(profile, Decimal(0)), printed_m3=printed_value)
    return list(profile)
