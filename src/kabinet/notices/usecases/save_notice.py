"""Save a notice: what a supplier is going to tell its customers, and to whom."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.notices import operations, queries
from kabinet.notices.models import Notice
from kabinet.notices.rules import Audience
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights


class NoWay(Refusal):
    code = "notice-no-way"
    field = "has_letter"
    message = _("Выберите, как сообщить: письмом, в кабинете или и так и так.")


class BannerDaysWrong(Refusal):
    code = "notice-banner-days"
    field = "last_day"
    message = _("Укажите, с какого и по какой день показывать сообщение в кабинете; последний день не раньше первого.")


class AlreadySent(Refusal):
    code = "notice-already-sent"
    message = _("Это уведомление уже отправляли: изменить его нельзя. Напишите новое.")


@dataclass(frozen=True)
class Wording:
    """What a notice says and how it goes. shown_until: the first day on which the cabinet shows it no more."""

    subject: str
    text: str
    audience: Audience
    has_letter: bool
    has_banner: bool
    shown_from: dt.date | None
    shown_until: dt.date | None
    is_mandatory: bool


@usecase
def save_notice(
    *, supplier_id: int, notice_id: int | None, wording: Wording, request_id: UUID, actor: User, now: dt.datetime
) -> Notice:
    """Store a new draft, or change one that was not sent yet. Nothing goes to anybody.

    notice_id   None: a new one
    request_id  of the press: the same id again gives the first draft back

    Raises NoWay, BannerDaysWrong, AlreadySent; NotFound and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.SEND_NOTICES, supplier_id)
    if notice_id is None:
        operations.lock_writer(actor)
        if earlier := queries.notice_by_request(supplier_id, request_id):
            return earlier
        notice = Notice(supplier_id=supplier_id, request_id=request_id)
    else:
        notice = operations.lock_notice(supplier_id, notice_id)
        if notice.state != Notice.State.DRAFT:
            raise AlreadySent

    if not (wording.has_letter or wording.has_banner):
        raise NoWay
    first, until = (wording.shown_from, wording.shown_until) if wording.has_banner else (None, None)
    if wording.has_banner and (first is None or until is None or until <= first):
        raise BannerDaysWrong
    notice.subject, notice.text = " ".join(wording.subject.split()), wording.text.strip()
    notice.audience = wording.audience.as_json()
    notice.has_letter, notice.has_banner = wording.has_letter, wording.has_banner
    notice.shown_from, notice.shown_until = first, until
    notice.is_mandatory = wording.is_mandatory
    notice.written_by, notice.written_at = actor, now
    notice.save()
    operations.note("notice.written", notice, actor=actor, now=now)
    return notice
