"""Note an absence: some of the residents were away for a time, and a paper proves it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations, queries
from kabinet.accounts.models import Absence
from kabinet.audit import operations as audit
from kabinet.common.days import Days
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User


class AbsenceWithoutDays(Refusal):
    code = "absence-without-days"
    field = "until"
    message = _("Последний день отсутствия раньше первого. Проверьте даты.")


class NobodyAway(Refusal):
    code = "nobody-away"
    field = "residents_count"
    message = _("Укажите, сколько человек отсутствовало: хотя бы одного.")


class MoreAwayThanLive(Refusal):
    code = "more-away-than-live"
    field = "residents_count"
    message = _("В эти дни по счёту записано проживающих: %(residents_count)s. Больше отсутствовать не может.")


class DocumentMissing(Refusal):
    code = "absence-document-missing"
    field = "document"
    message = _("Укажите документ, который подтверждает отсутствие.")


class AbsenceKnown(Refusal):
    code = "absence-known"
    field = "since"
    message = _("На эти дни отсутствие уже записано, с %(since)s. Запишите только остальные дни.")


@usecase
def note_absence(
    *,
    supplier_id: int,
    account_id: int,
    since: dt.date,
    until: dt.date,
    residents_count: int,
    document: str,
    actor: User | None,
    now: dt.datetime,
) -> Absence:
    """Write that so many residents are away on the days [since, until); the same again writes nothing.

    It may be known beforehand. A month that is charged already changes on demand only: `charges` corrects it.

    Raises AbsenceWithoutDays, NobodyAway, DocumentMissing, BeforeOpening, AccountIsClosed, AbsenceKnown,
    MoreAwayThanLive; NotFound and NotAllowed for whoever lacks the right. Source: docs/adr/0109.
    """
    operations.check_keeper(actor, supplier_id)
    account = operations.lock_account(supplier_id, account_id)
    absences = Absence.objects.filter(supplier_id=supplier_id, account=account)
    if earlier := absences.filter(valid_from=since, valid_until=until, residents_count=residents_count).first():
        return earlier

    if until <= since:
        raise AbsenceWithoutDays
    if residents_count < 1:
        raise NobodyAway
    if not document.strip():
        raise DocumentMissing
    operations.require_day_of_account(account, since, today=None)
    days = Days(since, until)
    [known] = queries.absences_of(supplier_id, [account_id]).values()
    for other in known:
        if other.days.overlaps(days):
            raise AbsenceKnown(since=f"{other.days.since:%d.%m.%Y}")
    [residences] = queries.residences_of(supplier_id, [account_id]).values()
    fewest = min(row.residents_count or 0 for row in residences if row.days.overlaps(days))
    if residents_count > fewest:
        raise MoreAwayThanLive(residents_count=fewest)

    absence = Absence.objects.create(
        supplier_id=supplier_id,
        account=account,
        valid_from=since,
        valid_until=until,
        residents_count=residents_count,
        document=document,
    )
    audit.note(
        action="account.absence_noted",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"since": str(since), "until": str(until), "residents": residents_count, "document": document},
    )
    return absence
