"""The link of a registration is pressed."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save

from kabinet.common.testing import NOW, at
from kabinet.people.models import Acceptance, Registration, User
from kabinet.people.operations import registrations
from kabinet.people.operations.counters import TooManyTries
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, link_token
from kabinet.people.rules.links import LinkKind
from kabinet.people.tests.factories import BROWSER, EMAIL, PASSWORD, confirmation_token, make_registration, register
from kabinet.people.usecases.confirm_registration import (
    AddressTaken,
    PasswordNeeded,
    PasswordWrong,
    confirm_registration,
)
from kabinet.people.usecases.disown_registration import disown_registration
from kabinet.people.usecases.purge_unconfirmed import purge_unconfirmed
from kabinet.people.usecases.send_link_again import LinkJustSent, send_link_again

pytestmark = pytest.mark.django_db


def confirm(token, *, device_token=BROWSER, password="", now=NOW):
    return confirm_registration(token=token, device_token=device_token, password=password, ip="", now=now)


def test_in_the_browser_that_registered_one_press_is_enough():
    registration = make_registration()

    user = confirm(confirmation_token(registration))

    assert (user.email, user.check_password(PASSWORD)) == (EMAIL, True)
    assert Acceptance.objects.filter(user=user).count() == 2
    registration.refresh_from_db()
    assert (registration.confirmed_at, registration.password) == (NOW, "")


def test_elsewhere_the_password_just_chosen_is_asked():
    token = confirmation_token(make_registration())

    with pytest.raises(PasswordNeeded):
        confirm(token, device_token="another browser")
    with pytest.raises(PasswordWrong):
        confirm(token, device_token="another browser", password="wrong1")
    assert not User.objects.exists()

    confirm(token, device_token="another browser", password=PASSWORD)

    assert User.objects.count() == 1


def test_a_strangers_registration_of_my_address_is_not_opened_by_my_press():
    stranger = make_registration(password="chuzhoi1", device_token="the stranger's browser")

    with pytest.raises(PasswordNeeded):
        confirm(confirmation_token(stranger), device_token="my browser")

    assert not User.objects.exists()


def test_guessing_that_password_gets_slow():
    token = confirmation_token(make_registration())
    for _ in range(5):
        with pytest.raises(PasswordWrong):
            confirm(token, device_token="another browser", password="wrong1")

    with pytest.raises(TooManyTries):
        confirm(token, device_token="another browser", password=PASSWORD)
    confirm(token, device_token="another browser", password=PASSWORD, now=NOW + dt.timedelta(seconds=30))


def test_the_link_works_in_the_last_second_of_its_last_day():
    token = confirmation_token(make_registration())

    confirm(token, now=at("2026-11-25 23:59") + dt.timedelta(seconds=59))

    assert User.objects.count() == 1


def test_the_link_is_old_when_its_last_day_is_over():
    token = confirmation_token(make_registration())

    with pytest.raises(LinkOld):
        confirm(token, now=at("2026-11-26 00:00"))

    assert not User.objects.exists()


def test_the_first_run_of_the_job_after_the_last_day_frees_the_address():
    token = confirmation_token(make_registration())
    make_registration("petrov@example.ru", now=at("2026-11-23 09:00"))

    assert purge_unconfirmed(now=at("2026-11-25 23:59")) == 0
    assert purge_unconfirmed(now=at("2026-11-26 00:00")) == 1

    assert [registration.email for registration in Registration.objects.all()] == ["petrov@example.ru"]
    assert Acceptance.objects.count() == 2
    with pytest.raises(LinkOld):
        confirm(token, now=at("2026-11-26 00:01"))
    register(now=at("2026-11-26 09:00"))
    confirm(confirmation_token(Registration.objects.get(email=EMAIL)), now=at("2026-11-26 09:05"))
    assert User.objects.get().email == EMAIL


def test_the_job_leaves_confirmed_cabinets_alone():
    registration = make_registration()
    confirm(confirmation_token(registration))

    assert purge_unconfirmed(now=at("2026-12-31 00:00")) == 0

    assert User.objects.count() == 1


def test_a_link_is_good_once():
    token = confirmation_token(make_registration())
    confirm(token)

    with pytest.raises(LinkUsed):
        confirm(token)

    assert User.objects.count() == 1


def test_a_new_link_voids_the_old_one():
    registration = make_registration()
    old = confirmation_token(registration)

    send_link_again(registration_id=registration.pk, ip="", now=NOW + dt.timedelta(minutes=1))

    with pytest.raises(LinkReplaced):
        confirm(old, now=NOW + dt.timedelta(minutes=2))
    registration.refresh_from_db()
    confirm(confirmation_token(registration), now=NOW + dt.timedelta(minutes=2))


def test_a_new_link_is_sent_once_a_minute_at_most():
    registration = make_registration()

    with pytest.raises(LinkJustSent):
        send_link_again(registration_id=registration.pk, ip="", now=NOW + dt.timedelta(seconds=59))

    registration.refresh_from_db()
    assert registration.version == 1


@pytest.mark.parametrize("token", ["", "nonsense", "c1-1-" + "A" * 43])
def test_a_link_that_we_did_not_make_is_foreign(token):
    make_registration()

    with pytest.raises(LinkForeign):
        confirm(token)


def test_a_link_of_another_kind_does_not_confirm():
    registration = make_registration()

    with pytest.raises(LinkForeign):
        confirm(link_token(LinkKind.NOT_MY_REGISTRATION, registration.pk, 1))


def test_the_second_registration_of_a_confirmed_address_is_told_so():
    first, second = make_registration(), make_registration(password="drugoi7")
    confirm(confirmation_token(first))

    with pytest.raises(AddressTaken):
        confirm(confirmation_token(second))

    assert User.objects.get().check_password(PASSWORD)


def test_a_disowned_registration_cannot_be_confirmed():
    registration = make_registration()
    not_me = link_token(LinkKind.NOT_MY_REGISTRATION, registration.pk, 1)

    disown_registration(token=not_me, now=NOW)
    disown_registration(token=not_me, now=NOW)

    with pytest.raises(LinkUsed):
        confirm(confirmation_token(registration))


class AtOnce:
    """Confirm two registrations of one address in two threads."""

    def __init__(self):
        self.tokens = [confirmation_token(make_registration()), confirmation_token(make_registration())]
        self.answers = []

    def run(self):
        threads = [threading.Thread(target=self._confirm, args=[token]) for token in self.tokens]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(self.answers)

    def _confirm(self, token):
        try:
            confirm(token)
            self.answers.append("confirmed")
        except (AddressTaken, IntegrityError) as error:
            self.answers.append(type(error).__name__)
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_of_one_address_make_one_user():
    answers = AtOnce().run()

    assert answers == ["AddressTaken", "confirmed"]
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_of_the_address_one_of_them_breaks(monkeypatch):
    meeting = threading.Barrier(2, timeout=10)
    monkeypatch.setattr(registrations, "lock_address", lambda email_canonical: None)

    def meet(**kwargs):
        meeting.wait()

    pre_save.connect(meet, sender=User)  # each has found the address free by then
    try:
        answers = AtOnce().run()
    finally:
        pre_save.disconnect(meet, sender=User)

    assert answers == ["IntegrityError", "confirmed"]
    assert User.objects.count() == 1
