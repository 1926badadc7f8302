"""Release an accrual: a second person lets a computed month become charges."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.charges import queries
from kabinet.charges.models import AccrualRun
from kabinet.charges.operations import runs
from kabinet.charges.operations.drafting import TermsChanged
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class SamePerson(Refusal):
    code = "accrual-same-person"
    message = _("Это начисление начали или проверили Вы. Провести его должен другой сотрудник.")


class NobodyChecked(Refusal):
    code = "accrual-nobody-checked"
    message = _("Это начисление посчитано без человека. Сначала один сотрудник проверяет его, потом другой проводит.")


class NotReady(Refusal):
    code = "accrual-not-ready"
    message = _("Это начисление ещё не посчитано или уже отменено: проводить нечего.")


class AccountsAdded(Refusal):
    code = "accrual-accounts-added"
    message = _(
        "После расчёта появились лицевые счета, которых в нём нет: %(count)s. Пересчитайте начисление, чтобы они в "
        "него вошли, и проверьте его ещё раз."
    )


@usecase
def release_accrual(*, supplier_id: int, run_id: int, actor: User, now: dt.datetime) -> AccrualRun:
    """Have the worker post a run that another person has asked for, or has checked after the night computed it.

    Again, by whoever may: the same run, posted once.

    Raises the refusals above; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.RELEASE_ACCRUAL, supplier_id)
    run = runs.lock_run(supplier_id, run_id)
    if run.state in (AccrualRun.State.POSTING, AccrualRun.State.RELEASED):
        return run
    if run.state != AccrualRun.State.READY:
        raise NotReady
    if run.asked_by_id == actor.pk:
        raise SamePerson
    if queries.terms_changed(run):
        raise TermsChanged
    if count := queries.missed_accounts_count(run):
        raise AccountsAdded(count=count)
    if run.asked_by_id is None:
        raise NobodyChecked

    run.state = AccrualRun.State.POSTING
    run.released_by, run.release_asked_at = actor, now
    run.save(update_fields=["state", "released_by", "release_asked_at"])
    runs.ask_worker("charges.post_batches", supplier_id, run.id)
    audit.note(
        action="accrual.released",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"accrual:{run.id}",
        details={"period": str(run.period), "for_period": str(run.for_period or "")},
    )
    return run
