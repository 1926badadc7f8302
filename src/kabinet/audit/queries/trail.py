"""Who did what and when, for those who look after the order, and beside each thing that it was done to."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kabinet.audit.models import Entry
from kabinet.audit.queries import details
from kabinet.audit.queries.words import ACTIONS, SUBJECTS
from kabinet.common.ordering import ordering

SHOWN_BESIDE = 20

_COLUMNS = {"at": ["at"], "action": ["action", "at"]}
_User: Any = get_user_model()


@dataclass(frozen=True)
class EntryRow:
    """One act as people read it.

    actor        who did it: staff by name (with their id and address), customers as such, the portal where it was a job
    subject_key  what it was done to, as the trail keeps it: `account:17`
    details      names and values, as people read them
    """

    at: dt.datetime
    actor: str
    actor_id: int | None
    action: str
    text: str
    subject: str
    subject_key: str
    supplier_id: int | None
    details: Sequence[tuple[str, str]]
    ip: str
    request_id: str


@dataclass(frozen=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True)
class TrailFilter:
    """What to look for. subject: `account:17`, or `account` for all of that kind."""

    actor_id: int | None = None
    subject: str = ""
    action: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    supplier_id: int | None = None


def trail(
    wanted: TrailFilter, *, supplier_ids: Collection[int] | None, order_by: str, limit: int, offset: int
) -> list[EntryRow]:
    """Give entries of these suppliers; None: of all, with those that belong to no supplier."""
    entries = _of(supplier_ids)
    if wanted.supplier_id:
        entries = entries.filter(supplier_id=wanted.supplier_id)
    if wanted.actor_id:
        entries = entries.filter(actor_id=wanted.actor_id)
    if ":" in wanted.subject:
        entries = entries.filter(subject=wanted.subject)
    elif wanted.subject:
        entries = entries.filter(subject__startswith=f"{wanted.subject}:")
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__lt=wanted.until)
    return _rows(entries.order_by(*ordering(order_by, _COLUMNS))[offset : offset + limit])


def history_of(*subjects: str, supplier_id: int | None) -> list[EntryRow]:
    """Give what was last done to these things, the latest first: «Кто и когда». None: they belong to no supplier."""
    entries = Entry.objects.filter(subject__in=subjects, supplier_id=supplier_id).order_by("-id")
    return _rows(entries[:SHOWN_BESIDE])


def is_noted(*, action: str, actor: Any, supplier_id: int | None, subject: str, since: dt.datetime) -> bool:
    """Say whether somebody has done an act to a subject since a moment."""
    return Entry.objects.filter(
        subject=subject, actor=actor, supplier_id=supplier_id, action=action, at__gte=since
    ).exists()


def people_of(supplier_ids: Collection[int] | None, *, with_id: int | None = None) -> list[Person]:
    """Name the staff who have ever done something at these suppliers, and one more who is asked for: a choice."""
    done = _of(supplier_ids).filter(actor_id=OuterRef("pk"))
    users = _User.objects.filter(Q(is_staff=True) | Q(pk=with_id), Exists(done))
    return sorted((Person(user.pk, _staff_name(user)) for user in users), key=lambda person: person.name)


def _of(supplier_ids: Collection[int] | None) -> QuerySet[Entry]:
    return Entry.objects.all() if supplier_ids is None else Entry.objects.filter(supplier_id__in=supplier_ids)


def _rows(entries: QuerySet[Entry]) -> list[EntryRow]:
    found = list(entries.select_related("actor"))
    were_staff = _were_staff({entry.actor.pk for entry in found if entry.actor and not entry.actor.is_staff})
    return [_row(entry, were_staff) for entry in found]


def _were_staff(user_ids: Collection[int]) -> set[str]:
    """Say who of these was given a role once: what they did then, they did as staff."""
    subjects = [f"user:{user_id}" for user_id in user_ids]
    granted = Entry.objects.filter(subject__in=subjects, action="staff_role.granted")
    return set(granted.values_list("subject", flat=True)) if subjects else set()


def _row(entry: Entry, were_staff: Collection[str]) -> EntryRow:
    kind, _colon, subject_id = entry.subject.partition(":")
    by_staff = entry.actor is not None and (entry.actor.is_staff or f"user:{entry.actor_id}" in were_staff)
    if entry.actor_id is None:
        actor = _("Портал")
    elif entry.actor is None:
        actor = _("Удалённый кабинет")
    else:
        actor = _staff_name(entry.actor) if by_staff else _("Абонент")
    return EntryRow(
        at=entry.at,
        actor=actor,
        actor_id=entry.actor_id if by_staff else None,
        action=entry.action,
        text=str(ACTIONS.get(entry.action, entry.action)),
        subject=f"{SUBJECTS.get(kind, kind)} {subject_id}".strip(),
        subject_key=entry.subject,
        supplier_id=entry.supplier_id,
        details=details.read(entry.details),
        ip=(entry.ip or "") if by_staff else "",
        request_id=entry.request_id,
    )


def _staff_name(user: Any) -> str:
    return user.get_full_name() or user.email
