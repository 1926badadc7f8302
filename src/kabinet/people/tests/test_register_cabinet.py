"""Somebody registers a cabinet."""

import datetime as dt

import pytest
from django.core import mail

from kabinet.common.testing import NOW, at
from kabinet.letters.operations import send
from kabinet.letters.tasks.people import send_confirmation_link
from kabinet.outbox.models import RecordedFact
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import Acceptance, Registration, UsedAnswer, User
from kabinet.people.operations.counters import TooManyLetters
from kabinet.people.operations.passwords import PasswordUnfit
from kabinet.people.queries.documents import current_document
from kabinet.people.queries.robot_check import RobotAnswer, RobotCheckFailed
from kabinet.people.tests.factories import EMAIL, make_registration, make_user, register, robot_answer
from kabinet.people.usecases.register_cabinet import AddressUnusable, ConsentMissing

pytestmark = pytest.mark.django_db


def test_a_registration_waits_for_its_link_to_the_end_of_the_third_day():
    valid_until = register()

    registration = Registration.objects.get()
    assert valid_until == registration.valid_until == dt.date(2026, 11, 25)
    assert registration.expires_at == at("2026-11-26 00:00")
    assert not User.objects.exists()


def test_the_password_is_not_stored_as_typed():
    registration = make_registration(password="parol5")

    assert "parol5" not in registration.password


def test_the_letter_carries_the_link_the_last_day_and_the_way_to_disown():
    register()

    run_jobs(only="letters.")

    letter = mail.outbox[0]
    assert letter.to == [EMAIL]
    assert letter.subject == "Подтвердите регистрацию в Личном кабинете"
    assert "http://127.0.0.1:8000/confirm/c" in letter.body
    assert "http://127.0.0.1:8000/not-me/n" in letter.body
    assert "25.11.2026" in letter.body


def test_a_repeated_letter_is_the_same_letter_with_the_same_link():
    registration = make_registration()
    fact = RecordedFact.objects.get(name="people.ConfirmationLinkAsked")

    for _ in range(2):
        send_confirmation_link(registration_id=registration.pk, version=1, fact_id=str(fact.id))

    first, again = mail.outbox
    assert first.body == again.body
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]


def test_what_was_accepted_is_kept_with_version_hash_moment_and_address():
    register(ip="203.0.113.7")

    kept = {acceptance.document: acceptance for acceptance in Acceptance.objects.all()}
    assert set(kept) == {"agreement", "consent"}
    consent = kept["consent"]
    assert (consent.version, consent.sha256) == (1, current_document("consent").sha256)
    assert (consent.accepted_at, consent.ip) == (NOW, "203.0.113.7")


def test_without_consent_there_is_no_cabinet():
    with pytest.raises(ConsentMissing):
        register(consents=False)

    assert not Registration.objects.exists()


def test_a_known_address_gets_the_same_answer_and_its_owner_a_letter():
    make_user(EMAIL)

    answer = register("IVANOV@Example.ru")
    run_jobs(only="letters.")

    assert answer == dt.date(2026, 11, 25)
    assert not Registration.objects.exists()
    assert [letter.subject for letter in mail.outbox] == ["Вы уже зарегистрированы в Личном кабинете"]
    assert mail.outbox[0].to == [EMAIL]


def test_an_address_may_wait_in_several_registrations():
    register(password="parol5")
    register(password="drugoi7")

    assert Registration.objects.filter(email_canonical=EMAIL).count() == 2


@pytest.mark.parametrize("password", ["abc1", "ABCdef12345", "пароль1"])
def test_a_password_outside_of_the_policy_is_refused(password):
    with pytest.raises(PasswordUnfit):
        register(password=password)

    assert not Registration.objects.exists()


def test_the_strong_policy_is_one_setting_away(settings):
    settings.PASSWORD_POLICY = "strong"

    with pytest.raises(PasswordUnfit, match="15"):
        register(password="parol5")
    with pytest.raises(PasswordUnfit):
        register(password="1q2w3e4r5t6y7u8i")
    register(password="корова ходит по лугу")

    assert Registration.objects.count() == 1


def test_a_domain_of_mixed_alphabets_is_refused():
    with pytest.raises(AddressUnusable):
        register("ivanov@sbеrbank.ru")


def test_a_robot_is_refused():
    with pytest.raises(RobotCheckFailed):
        register(robot_answer=RobotAnswer(question="nonsense", typed="10"))

    assert not Registration.objects.exists()


def test_an_answer_to_the_robot_check_is_good_once():
    answer = robot_answer()
    register(robot_answer=answer)

    with pytest.raises(RobotCheckFailed):
        register("petrov@example.ru", robot_answer=answer)

    assert UsedAnswer.objects.count() == 1


def test_an_answer_is_not_spent_when_something_else_was_wrong():
    answer = robot_answer()
    with pytest.raises(PasswordUnfit):
        register(password="abc", robot_answer=answer)

    register(robot_answer=answer)

    assert Registration.objects.count() == 1


def test_the_sixth_letter_in_an_hour_to_one_address_is_refused_whoever_owns_it():
    make_user("known@example.ru")
    for email in ("known@example.ru", "unknown@example.ru"):
        for minute in range(5):
            register(email, now=NOW + dt.timedelta(minutes=minute))

        with pytest.raises(TooManyLetters):
            register(email, now=NOW + dt.timedelta(minutes=59))
        register(email, now=NOW + dt.timedelta(minutes=60))


def test_the_subject_and_names_cannot_bring_headers_into_a_letter():
    send(to=EMAIL, subject="Один\r\nBcc: two@example.ru", template="letters/password_changed", context={}, fact_id="1")

    assert mail.outbox[0].subject == "Один Bcc: two@example.ru"
