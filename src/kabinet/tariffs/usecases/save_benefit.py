"""Save a benefit: a share of a service's cost or a fixed sum a month, which accounts can then be given."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import Benefit, BenefitGrant

WHOLE_PERCENT = 100


class BenefitShareOrSum(Refusal):
    code = "benefit-share-or-sum"
    field = "share_percent"
    message = _("Введите либо долю в процентах, либо сумму в месяц: льгота бывает чем-то одним.")


class BenefitShareWrong(Refusal):
    code = "benefit-share-wrong"
    field = "share_percent"
    message = _("Доля должна быть больше 0 и не больше 100 %%.")


class BenefitSumNotPositive(Refusal):
    code = "benefit-sum-not-positive"
    field = "monthly_rub"
    message = _("Сумма льготы должна быть больше нуля.")


class BenefitLimitWrong(Refusal):
    code = "benefit-limit-wrong"
    field = "limit_m3"
    message = _(
        "Предел в м³ бывает только у доли и только больше нуля. Если льгота на весь объём, оставьте поле пустым."
    )


class BenefitCodeTaken(Refusal):
    code = "benefit-code-taken"
    field = "code"
    message = _("Льгота с кодом «%(code)s» уже есть. Измените её или выберите другой код.")


class BenefitIsGiven(Refusal):
    code = "benefit-is-given"
    message = _(
        "Эту льготу уже получают, и её размер не меняется задним числом. "
        "Заведите новую льготу с другим кодом, а эту завершите у лицевых счетов."
    )


@usecase
def save_benefit(
    *,
    supplier_id: int,
    benefit_id: int | None,
    service_id: int,
    code: str,
    name: str,
    share_percent: Decimal | None,
    limit_m3: Decimal | None,
    is_limit_per_head: bool,
    monthly_rub: Decimal | None,
    funded_by: str,
    source: str,
    actor: User | None,
    now: dt.datetime,
) -> Benefit:
    """Save a new benefit, or a changed one; of one that accounts have or had, only the words can change.

    benefit_id         None for a new one
    limit_m3           a month's volume that the share is given for; None for all of it
    is_limit_per_head  the limit is for each person that lives there
    actor              None for the operator's terminal

    Raises BenefitShareOrSum, BenefitShareWrong, BenefitSumNotPositive, BenefitLimitWrong, BenefitCodeTaken,
    BenefitIsGiven; NotFound; NotAllowed. Source: docs/adr/0102.
    """
    if actor is not None:
        check_right(actor, rights.SET_TARIFFS, supplier_id)
    operations.lock_terms(supplier_id)
    service = operations.service_of(supplier_id, service_id)
    if (share_percent is None) == (monthly_rub is None):
        raise BenefitShareOrSum
    if share_percent is not None and not 0 < share_percent <= WHOLE_PERCENT:
        raise BenefitShareWrong
    if monthly_rub is not None and monthly_rub <= 0:
        raise BenefitSumNotPositive
    if limit_m3 is not None and (share_percent is None or limit_m3 <= 0):
        raise BenefitLimitWrong
    benefits = Benefit.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id)
    benefit = Benefit(supplier_id=supplier_id) if benefit_id is None else benefits.filter(pk=benefit_id).first()
    if benefit is None:
        raise NotFound
    if any(other.pk != benefit_id for other in benefits.filter(code=code)):
        raise BenefitCodeTaken(code=code)
    size = {
        "service_id": service.id,
        "share_percent": share_percent,
        "limit_m3": limit_m3,
        "is_limit_per_head": is_limit_per_head and limit_m3 is not None,
        "monthly_rub": monthly_rub,
    }
    if _is_given(benefit) and any(getattr(benefit, name) != value for name, value in size.items()):
        raise BenefitIsGiven

    words = {"code": code, "name": name, "funded_by": funded_by, "source": source}
    for field, value in (size | words).items():
        setattr(benefit, field, value)
    benefit.set_at = now
    benefit.save()
    audit.note(
        action="benefit.added" if benefit_id is None else "benefit.changed",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"benefit:{benefit.id}",
        details={"code": code},
    )
    return benefit


def _is_given(benefit: Benefit) -> bool:
    return bool(benefit.pk) and BenefitGrant.objects.filter(supplier_id=benefit.supplier_id, benefit=benefit).exists()
