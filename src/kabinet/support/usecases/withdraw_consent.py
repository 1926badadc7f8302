"""Withdraw the consent to the processing of personal data: support is asked to delete the cabinet."""

import datetime as dt
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from kabinet.common.days import local_day
from kabinet.common.db import usecase
from kabinet.outbox import operations as outbox
from kabinet.people.models import User
from kabinet.people.operations.acceptances import withdraw_consent as note_withdrawal
from kabinet.people.rules.days import last_day_of_erasure
from kabinet.support import queries
from kabinet.support.facts import QuestionAsked
from kabinet.support.models import Question
from kabinet.support.operations import lock_questions

_REQUESTS = UUID("6f1c0a52-6b0e-4d0c-9c57-0a3d1e7f7b11")


@usecase
def withdraw_consent(*, actor: User, now: dt.datetime) -> None:
    """Note the withdrawal, and put the request to delete the cabinet before support, where its owner sees it too.

    Does nothing when no consent is in force, so a second press asks no second time. The hourly limit of questions does
    not count here: this right cannot be used up. The password was asked a moment ago by ``check_credentials``.
    Source: 152-ФЗ, article 9 part 2 and article 21 part 5; docs/adr/0025.
    """
    lock_questions(actor)
    consent = note_withdrawal(actor, now=now)
    if consent is None:
        return

    zone_name = settings.INSTALLATION_TIME_ZONE
    question = Question.objects.create(
        user=actor,
        subject=_("Отзыв согласия на обработку персональных данных"),
        text=_("Согласие отозвано %(day)s. Личный кабинет нужно удалить не позднее %(last_day)s.")
        % {
            "day": local_day(now, zone_name).strftime("%d.%m.%Y"),
            "last_day": last_day_of_erasure(now, zone_name=zone_name).strftime("%d.%m.%Y"),
        },
        request_id=uuid5(_REQUESTS, str(consent.pk)),
        asked_at=now,
        due_on=queries.due_on(None, now=now),
    )
    outbox.record(QuestionAsked(question_id=question.id))
