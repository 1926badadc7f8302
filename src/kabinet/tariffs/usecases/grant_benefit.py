"""Grant a benefit: an account has it from a day on, by a document."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts.operations import lock_account
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.tariffs import operations
from kabinet.tariffs.models import Benefit, BenefitGrant
from kabinet.tariffs.queries.days import between


class BenefitGrantedAlready(Refusal):
    code = "benefit-granted-already"
    field = "valid_from"
    message = _("Эта льгота у лицевого счёта уже есть: она действует с %(since)s. Выберите другие дни.")


@usecase
def grant_benefit(
    *,
    supplier_id: int,
    account_id: int,
    benefit_id: int,
    valid_from: dt.date,
    valid_until: dt.date | None,
    document: str,
    actor: User | None,
    now: dt.datetime,
) -> operations.Change[BenefitGrant]:
    """Give an account a benefit on the days [valid_from, valid_until).

    document  what proves it; kept for staff
    actor     None for the operator's terminal

    Raises DaysReversed, BenefitGrantedAlready; NotFound for an account or benefit that is not there; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.KEEP_ACCOUNTS, supplier_id)
    account = lock_account(supplier_id, account_id)
    benefit = Benefit.objects.select_for_update(no_key=True).filter(supplier_id=supplier_id, pk=benefit_id).first()
    if benefit is None:
        raise NotFound
    operations.check_days(valid_from, valid_until)
    same = BenefitGrant.objects.filter(supplier_id=supplier_id, account=account, benefit=benefit)
    if other := same.filter(between(valid_from, valid_until or dt.date.max)).order_by("valid_from").first():
        raise BenefitGrantedAlready(since=other.valid_from.strftime("%d.%m.%Y"))

    grant = BenefitGrant.objects.create(
        supplier_id=supplier_id,
        account=account,
        benefit=benefit,
        valid_from=valid_from,
        valid_until=valid_until,
        document=document,
        set_at=now,
    )
    audit.note(
        action="benefit.granted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"benefit_grant:{grant.id}",
        details={"account_id": account.id, "benefit": benefit.code, "valid_from": str(valid_from)},
    )
    return operations.Change(grant, operations.affected_since(account.supplier, valid_from, now=now))
