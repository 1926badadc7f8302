"""A person withdraws the consent to the processing of personal data."""

import datetime as dt

import pytest
from django.core import mail

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW, at
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import Acceptance, User
from kabinet.people.queries.acceptances import acceptances_of, consent_of
from kabinet.people.tests.factories import BROWSER, EMAIL, confirmation_token, make_registration, make_user
from kabinet.people.usecases.confirm_registration import confirm_registration
from kabinet.support import queries
from kabinet.support.models import Question
from kabinet.support.tests.factories import make_question
from kabinet.support.usecases.ask_question import QUESTIONS_PER_HOUR
from kabinet.support.usecases.withdraw_consent import withdraw_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered() -> User:
    token = confirmation_token(make_registration())
    return confirm_registration(token=token, device_token=BROWSER, password="", ip="", now=NOW)


def test_the_withdrawal_is_kept_and_support_is_asked_to_delete_the_cabinet(registered):
    withdraw_consent(actor=registered, now=NOW)

    kept = {acceptance.document: acceptance.withdrawn_at for acceptance in Acceptance.objects.all()}
    assert kept == {"agreement": None, "consent": NOW}
    [question] = queries.questions_of(registered)
    assert question.subject == "Отзыв согласия на обработку персональных данных"
    assert question.text == "Согласие отозвано 22.11.2026. Личный кабинет нужно удалить не позднее 22.12.2026."
    assert Entry.objects.filter(action="consent.withdrawn", actor=registered).count() == 1


def test_support_and_the_person_get_letters(registered, settings):
    run_jobs(only="letters.")
    mail.outbox.clear()

    withdraw_consent(actor=registered, now=NOW)
    run_jobs(only="letters.")

    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert letters.keys() == {settings.SUPPORT_EMAIL, EMAIL}
    assert letters[settings.SUPPORT_EMAIL].reply_to == [EMAIL]
    assert "будет удалён не позднее 22.12.2026" in letters[EMAIL].body


def test_a_second_press_changes_nothing(registered):
    withdraw_consent(actor=registered, now=NOW)

    withdraw_consent(actor=registered, now=NOW + dt.timedelta(hours=1))

    assert consent_of(registered).withdrawn_at == NOW
    assert Question.objects.count() == 1


def test_who_never_consented_has_nothing_to_withdraw():
    withdraw_consent(actor=make_user(), now=NOW)

    assert not Question.objects.exists()


def test_another_persons_consent_stays(registered):
    withdraw_consent(actor=make_user("petrov@example.ru"), now=NOW)

    assert consent_of(registered).withdrawn_at is None


def test_the_limit_of_questions_does_not_stand_in_the_way(registered):
    for _ in range(QUESTIONS_PER_HOUR):
        make_question(registered)

    withdraw_consent(actor=registered, now=NOW)

    assert consent_of(registered).withdrawn_at == NOW


def test_the_last_day_is_counted_where_the_installation_is(registered):
    withdraw_consent(actor=registered, now=at("2026-11-23 00:30"))

    assert consent_of(registered).erased_by == dt.date(2026, 12, 23)


def test_documents_are_listed_with_the_version_that_was_accepted(registered):
    listed = [(card.kind, card.version, card.accepted_at) for card in acceptances_of(registered)]

    assert listed == [("agreement", 1, NOW), ("consent", 1, NOW)]
    assert acceptances_of(make_user("petrov@example.ru")) == []
