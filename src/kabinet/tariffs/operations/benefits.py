"""Saving a benefit: shared by the operator's terminal and by what two members of staff have agreed upon."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.tariffs.models import Benefit, BenefitGrant
from kabinet.tariffs.operations import terms

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
        "Эту льготу уже получают, и её код и размер не меняются задним числом. "
        "Заведите новую льготу с другим кодом, а эту завершите у лицевых счетов."
    )


@transaction_required
def save_benefit(
    supplier: Supplier,
    *,
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
) -> terms.Change[Benefit]:
    """Save a benefit after `lock_terms`; the arguments are those of the use-case, and so is what is raised."""
    service = terms.service_of(supplier.pk, service_id)
    if (share_percent is None) == (monthly_rub is None):
        raise BenefitShareOrSum
    if share_percent is not None and not 0 < share_percent <= WHOLE_PERCENT:
        raise BenefitShareWrong
    if monthly_rub is not None and monthly_rub <= 0:
        raise BenefitSumNotPositive
    if limit_m3 is not None and (share_percent is None or limit_m3 <= 0):
        raise BenefitLimitWrong
    benefits = Benefit.objects.select_for_update(no_key=True).filter(supplier_id=supplier.pk)
    benefit = Benefit(supplier_id=supplier.pk) if benefit_id is None else benefits.filter(pk=benefit_id).first()
    if benefit is None:
        raise NotFound
    if any(other.pk != benefit_id for other in benefits.filter(code=code)):
        raise BenefitCodeTaken(code=code)
    kept_when_given = {
        "code": code,
        "service_id": service.id,
        "share_percent": share_percent,
        "limit_m3": limit_m3,
        "is_limit_per_head": is_limit_per_head and limit_m3 is not None,
        "monthly_rub": monthly_rub,
    }
    if _is_given(benefit) and any(getattr(benefit, field) != value for field, value in kept_when_given.items()):
        raise BenefitIsGiven

    words = {"name": name, "funded_by": funded_by, "source": source}
    for field, value in (kept_when_given | words).items():
        setattr(benefit, field, value)
    benefit.set_at = now
    benefit.save()
    audit.note(
        action="benefit.added" if benefit_id is None else "benefit.changed",
        actor=actor,
        now=now,
        supplier_id=supplier.pk,
        subject=f"benefit:{benefit.id}",
        details={"code": code},
    )
    return terms.Change(benefit, None)


def _is_given(benefit: Benefit) -> bool:
    return bool(benefit.pk) and BenefitGrant.objects.filter(supplier_id=benefit.supplier_id, benefit=benefit).exists()
