"""Somebody stands at the door with an address and a password."""

import datetime as dt
import threading

import pytest
from django.contrib.auth import hashers
from django.db import connection

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.people.models import KnownDevice, SignInCounter
from kabinet.people.operations import counters
from kabinet.people.operations.counters import OnlyByLink, TooManyFromHere, TooManyTries
from kabinet.people.queries.robot_check import RobotAnswer, RobotCheckFailed
from kabinet.people.tests.factories import BROWSER, EMAIL, PASSWORD, make_registration, make_user, robot_answer
from kabinet.people.usecases.check_credentials import CredentialsWrong, RobotCheckNeeded, check_credentials
from kabinet.people.usecases.remember_device import remember_device

pytestmark = pytest.mark.django_db
IP = "203.0.113.7"


def check(password=PASSWORD, *, email=EMAIL, answer=None, device_token="", ip="", now=NOW):
    return check_credentials(
        email=email,
        password=password,
        robot_answer=answer or RobotAnswer(),
        device_token=device_token,
        ip=ip,
        now=now,
    )


def fail(times, *, start=NOW, **given):
    """Try a wrong password so many times, each after the wait for the last; give the moment when waiting is over."""
    now = start
    for _ in range(times):
        with pytest.raises(CredentialsWrong):
            check("wrong1", now=now, **given)
        now += dt.timedelta(minutes=15)
    return now


@pytest.fixture
def hashes_computed(monkeypatch):
    """Count how many hashes are computed."""
    computed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *args: computed.append(1) or encode(*args))
    return computed


def test_the_right_password_lets_in():
    user = make_user()

    assert check().user == user


@pytest.mark.parametrize("email", ["IVANOV@example.ru", " ivanov@EXAMPLE.ru"])
def test_the_address_may_be_written_in_any_case(email):
    user = make_user()

    assert check(email=email).user == user


def test_a_password_is_taken_as_it_is():
    make_user()

    for password in ("PAROL5", " parol5", "parol5 "):
        with pytest.raises(CredentialsWrong):
            check(password)


def test_an_unknown_address_gets_the_same_refusal_as_a_wrong_password():
    make_user()

    with pytest.raises(CredentialsWrong) as wrong_password:
        check("wrong1")
    with pytest.raises(CredentialsWrong) as unknown_address:
        check("wrong1", email="nobody@example.ru")

    assert str(wrong_password.value) == str(unknown_address.value)


@pytest.mark.parametrize("state", ["confirmed", "unusable", "waiting", "waiting twice", "unknown"])
def test_every_check_computes_one_hash_whatever_is_behind_the_address(state, hashes_computed):
    if state == "confirmed":
        make_user()
    elif state == "unusable":
        make_user(password=None)
    elif state != "unknown":
        make_registration()
        if state == "waiting twice":
            make_registration()
    hashes_computed.clear()

    with pytest.raises(CredentialsWrong):
        check("wrong1")

    assert len(hashes_computed) == 1


def test_a_cabinet_that_waits_for_its_link_is_recognised_as_one():
    registration = make_registration()

    entrant = check()

    assert (entrant.user, entrant.registration_id) == (None, registration.pk)


def test_of_several_registrations_the_browsers_own_is_meant():
    own = make_registration(password="moiparol1", device_token=BROWSER)
    make_registration(password="chuzhoi1", device_token="another browser")

    assert check("moiparol1", device_token=BROWSER).registration_id == own.pk


def test_an_expired_registration_is_not_there():
    make_registration()

    with pytest.raises(CredentialsWrong):
        check(now=NOW + dt.timedelta(days=4))


def test_somebody_who_was_switched_off_is_not_let_in():
    make_user(is_active=False)

    with pytest.raises(CredentialsWrong):
        check()


def test_after_five_wrong_ones_even_the_right_one_has_to_wait_and_nothing_is_hashed(hashes_computed):
    make_user()
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            check("wrong1")
    hashes_computed.clear()

    with pytest.raises(TooManyTries) as refusal:
        check(now=NOW + dt.timedelta(seconds=29))

    assert refusal.value.wait_s == 1
    assert hashes_computed == []
    assert check(now=NOW + dt.timedelta(seconds=30)).user


@pytest.mark.parametrize(
    ("wait_s", "sentence"),
    [
        (1, "через 1 секунду."),
        (30, "через 30 секунд."),
        (60, "через 1 минуту."),
        (61, "через 2 минуты."),
        (900, "через 15 минут."),
    ],
)
def test_the_wait_is_said_in_words(wait_s, sentence):
    assert str(TooManyTries(wait_s)) == f"Слишком много неудачных попыток. Попробуйте снова {sentence}"


def test_an_unknown_address_is_slowed_alike():
    for _ in range(5):
        with pytest.raises(CredentialsWrong):
            check("wrong1", email="nobody@example.ru")

    with pytest.raises(TooManyTries):
        check("wrong1", email="nobody@example.ru")


def test_the_right_password_forgets_the_wrong_ones():
    make_user()
    fail(4)
    check()

    fail(4)

    assert check().user


def fail_a_hundred_times():
    """As ``fail(100)``, without trying the first 98."""
    fail(1, start=NOW + dt.timedelta(hours=12))
    SignInCounter.objects.filter(kind="cabinet").update(wrong=99)
    return fail(1, start=NOW + dt.timedelta(days=1))


def test_after_a_hundred_wrong_ones_only_a_mailed_link_lets_in():
    make_user()
    fail(5)
    now = fail_a_hundred_times()

    with pytest.raises(OnlyByLink):
        check(now=now + dt.timedelta(days=30))

    actions = Entry.objects.filter(action__startswith="sign-in.").values_list("action", flat=True)
    assert {"sign-in.slowed", "sign-in.closed", "sign-in.refused"} == set(actions)


def test_a_known_device_has_a_counter_of_its_own():
    user = make_user()
    remember_device(user=user, device_token=BROWSER, user_agent="", is_told=False, now=NOW)
    now = fail_a_hundred_times()

    with pytest.raises(OnlyByLink):
        check(now=now)

    assert check(device_token=BROWSER, now=now).user == user


def test_a_disowned_device_is_a_stranger_again():
    user = make_user()
    remember_device(user=user, device_token=BROWSER, user_agent="", is_told=False, now=NOW)
    KnownDevice.objects.update(forgotten_at=NOW)
    now = fail_a_hundred_times()

    with pytest.raises(OnlyByLink):
        check(device_token=BROWSER, now=now)


def test_after_twenty_wrong_ones_from_one_address_the_robot_check_comes_up():
    make_user()
    for number in range(20):
        with pytest.raises(CredentialsWrong):
            check("wrong1", email=f"nobody{number}@example.ru", ip=IP)

    with pytest.raises(RobotCheckNeeded):
        check(ip=IP)
    with pytest.raises(RobotCheckFailed):
        check(ip=IP, answer=RobotAnswer(question="nonsense", typed="1"))

    assert check(ip=IP, answer=robot_answer()).user
    assert check(ip="203.0.113.8").user


def test_after_sixty_wrong_ones_from_one_address_it_is_refused_for_ten_minutes():
    make_user()
    with pytest.raises(CredentialsWrong):
        check("wrong1", ip=IP)
    SignInCounter.objects.filter(kind="address").update(wrong=59)
    with pytest.raises(CredentialsWrong):
        check("wrong1", ip=IP, answer=robot_answer())

    with pytest.raises(TooManyFromHere):
        check(ip=IP, answer=robot_answer(), now=NOW + dt.timedelta(minutes=9))

    assert check(ip=IP, now=NOW + dt.timedelta(minutes=10)).user


def test_when_most_sign_ins_of_the_site_are_wrong_everybody_passes_the_robot_check():
    make_user()
    with pytest.raises(CredentialsWrong):
        check("wrong1", ip="203.0.113.8")
    SignInCounter.objects.filter(kind="site").update(tries=100, wrong=51)

    with pytest.raises(RobotCheckNeeded):
        check(ip=IP)

    assert check(ip=IP, now=NOW + dt.timedelta(minutes=10)).user


def test_addresses_and_networks_are_not_stored_as_such():
    make_user()
    check(ip=IP)

    stored = "".join(SignInCounter.objects.values_list("key_hash", flat=True))
    assert EMAIL not in stored
    assert IP not in stored


def test_a_password_moves_to_the_newest_hasher_at_sign_in(settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    user = make_user()
    user.password = hashers.make_password(PASSWORD, hasher="md5")
    user.save()
    session_hash = user.get_session_auth_hash()

    check()

    user.refresh_from_db()
    assert user.password.startswith("pbkdf2")
    assert user.get_session_auth_hash() == session_hash


def _guess_at_once(threads=12):
    """Guess from many threads at once; tell how many guesses were looked at."""
    looked_at = []

    def guess():
        try:
            check("wrong1")
        except CredentialsWrong:
            looked_at.append(1)
        except TooManyTries:
            pass
        finally:
            connection.close()

    running = [threading.Thread(target=guess) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return len(looked_at)


@pytest.mark.django_db(transaction=True)
def test_many_guesses_at_once_are_no_more_than_five():
    make_user()

    assert _guess_at_once() == 5


@pytest.mark.django_db(transaction=True)
def test_control_when_a_try_is_counted_without_the_lock_more_get_through(monkeypatch):
    make_user()
    SignInCounter.objects.create(kind="cabinet", key_hash=counters.key_hash("cabinet", EMAIL), window_started_at=NOW)
    meeting = threading.Barrier(12, timeout=10)

    def unlocked(kind, key, now, *, window=None):
        counter, _ = SignInCounter.objects.get_or_create(
            kind=kind, key_hash=counters.key_hash(kind, key), defaults={"window_started_at": now}
        )
        if kind == "cabinet":
            meeting.wait()
        return counter

    monkeypatch.setattr(counters, "_locked", unlocked)

    assert _guess_at_once() > 5
