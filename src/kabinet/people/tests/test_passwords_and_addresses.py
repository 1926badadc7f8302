"""Passwords and addresses change; strangers are put out."""

import datetime as dt

import pytest
from django.core import mail

from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import DeviceCode, EmailChange, KnownDevice, PasswordReset, SignInCounter, User
from kabinet.people.operations.counters import TooManyLetters
from kabinet.people.operations.passwords import PasswordUnfit
from kabinet.people.queries.links import LinkForeign, LinkOld, LinkReplaced, LinkUsed, key_hash, link_token, mailed_code
from kabinet.people.queries.robot_check import RobotAnswer, RobotCheckFailed
from kabinet.people.rules.links import LinkKind
from kabinet.people.tests.factories import BROWSER, EMAIL, make_user, robot_answer
from kabinet.people.usecases.ask_device_code import ask_device_code
from kabinet.people.usecases.ask_email_change import NewAddressSame, NewAddressUnusable, ask_email_change
from kabinet.people.usecases.ask_password_reset import ask_password_reset
from kabinet.people.usecases.change_password import change_password
from kabinet.people.usecases.check_device_code import CodeOld, CodeWrong, check_device_code
from kabinet.people.usecases.confirm_email_change import confirm_email_change
from kabinet.people.usecases.disown_sign_in import disown_sign_in
from kabinet.people.usecases.remember_device import remember_device
from kabinet.people.usecases.reset_password import reset_password
from kabinet.people.usecases.undo_email_change import undo_email_change

pytestmark = pytest.mark.django_db
NEW_EMAIL = "petrov@example.ru"


def ask_reset(email=EMAIL, *, now=NOW):
    ask_password_reset(email=email, robot_answer=robot_answer(now), ip="", now=now)
    reset = PasswordReset.objects.last()
    return reset and link_token(LinkKind.PASSWORD_RESET, reset.pk)


def ask_change(user, email=NEW_EMAIL, *, now=NOW):
    ask_email_change(email=email, actor=user, ip="", now=now)
    change = EmailChange.objects.last()
    return change and link_token(LinkKind.EMAIL_CHANGE, change.pk)


def subjects():
    run_jobs(only="letters.")
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


# --- A forgotten password ---


def test_a_reset_sets_the_password_ends_all_sessions_and_opens_the_door_again():
    user = make_user()
    SignInCounter.objects.create(
        kind="cabinet", key_hash=key_hash("cabinet", EMAIL), wrong=100, window_started_at=NOW, closed_until=NOW
    )
    token = ask_reset()

    reset_password(token=token, password="novyi8", now=NOW)

    before, user = user.get_session_auth_hash(), User.objects.get()
    assert user.check_password("novyi8")
    assert user.get_session_auth_hash() != before
    assert SignInCounter.objects.get(kind="cabinet").wrong == 0
    assert subjects() == [(EMAIL, "Пароль Личного кабинета изменён")]


def test_the_letter_of_a_reset_goes_to_the_stored_address():
    make_user("Ivanov@example.ru")

    ask_reset("IVANOV@EXAMPLE.RU")

    assert subjects() == [("Ivanov@example.ru", "Новый пароль для Личного кабинета")]


def test_an_unknown_address_gets_no_letter_and_no_other_answer():
    assert ask_reset("nobody@example.ru") is None

    assert subjects() == []


def test_a_reset_wants_the_robot_check():
    make_user()

    with pytest.raises(RobotCheckFailed):
        ask_password_reset(email=EMAIL, robot_answer=RobotAnswer(), ip="", now=NOW)

    assert not PasswordReset.objects.exists()


def test_letters_are_limited_alike_for_known_and_unknown_addresses():
    make_user()
    for email in (EMAIL, "nobody@example.ru"):
        for _ in range(5):
            ask_reset(email)

        with pytest.raises(TooManyLetters):
            ask_reset(email)


def test_a_reset_link_is_good_once_for_a_day_and_the_newest_one_only():
    make_user()
    old, token = ask_reset(), ask_reset()

    with pytest.raises(LinkReplaced):
        reset_password(token=old, password="novyi8", now=NOW)
    with pytest.raises(LinkOld):
        reset_password(token=token, password="novyi8", now=NOW + dt.timedelta(hours=24))
    with pytest.raises(PasswordUnfit):
        reset_password(token=token, password="abc", now=NOW)
    reset_password(token=token, password="novyi8", now=NOW + dt.timedelta(hours=23, minutes=59))

    with pytest.raises(LinkUsed):
        reset_password(token=token, password="drugoi9", now=NOW)
    with pytest.raises(LinkForeign):
        reset_password(token=token[:-1] + "_", password="drugoi9", now=NOW)
    assert User.objects.get().check_password("novyi8")


def test_staff_have_the_strong_policy_always():
    user = make_user(is_staff=True)

    with pytest.raises(PasswordUnfit, match="15"):
        change_password(password="novyi8", actor=user, now=NOW)

    change_password(password="корова ходит по лугу", actor=user, now=NOW)


def test_a_changed_password_ends_sessions_and_tells_the_owner():
    user = make_user()
    before = user.get_session_auth_hash()

    user = change_password(password="novyi8", actor=user, now=NOW)

    assert user.get_session_auth_hash() != before
    assert subjects() == [(EMAIL, "Пароль Личного кабинета изменён")]
    assert Entry.objects.get().action == "password.changed"


# --- Another address ---


def test_the_address_changes_when_the_new_mailbox_confirms_it():
    user = make_user()
    token = ask_change(user)
    assert User.objects.get().email == EMAIL
    assert subjects() == [(NEW_EMAIL, "Подтвердите новый адрес для Личного кабинета")]

    confirm_email_change(token=token, now=NOW)

    changed = User.objects.get()
    assert (changed.email, changed.email_canonical) == (NEW_EMAIL, NEW_EMAIL)
    assert changed.get_session_auth_hash() != user.get_session_auth_hash()
    assert subjects()[-1] == (EMAIL, "Адрес Личного кабинета изменён")
    with pytest.raises(LinkUsed):
        confirm_email_change(token=token, now=NOW)


def test_the_old_mailbox_may_undo_it_for_seven_days():
    user = make_user()
    confirm_email_change(token=ask_change(user), now=NOW)
    undo = link_token(LinkKind.EMAIL_UNDO, EmailChange.objects.get().pk)

    with pytest.raises(LinkOld):
        undo_email_change(token=undo, now=NOW + dt.timedelta(days=7))
    undo_email_change(token=undo, now=NOW + dt.timedelta(days=6, hours=23))

    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == (EMAIL, False)
    assert subjects()[-1] == (EMAIL, "Новый пароль для Личного кабинета")
    with pytest.raises(LinkUsed):
        undo_email_change(token=undo, now=NOW)


def test_an_address_that_has_a_cabinet_gets_no_link_and_its_owner_a_letter():
    user = make_user()
    make_user(NEW_EMAIL)

    assert ask_change(user) is None

    assert subjects() == [(NEW_EMAIL, "Вы уже зарегистрированы в Личном кабинете")]


def test_an_address_taken_meanwhile_is_not_taken_twice():
    user = make_user()
    token = ask_change(user)
    make_user(NEW_EMAIL)

    with pytest.raises(LinkOld):
        confirm_email_change(token=token, now=NOW)

    user.refresh_from_db()
    assert user.email == EMAIL


@pytest.mark.parametrize(
    ("email", "refusal"), [("IVANOV@example.ru", NewAddressSame), ("ivanov@sbеrbank.ru", NewAddressUnusable)]
)
def test_the_same_or_an_unusable_address_is_refused(email, refusal):
    with pytest.raises(refusal):
        ask_change(make_user(), email)

    assert not EmailChange.objects.exists()


# --- New devices ---


def test_a_new_device_is_told_once():
    user = make_user()

    for _ in range(2):
        remember_device(user=user, device_token=BROWSER, user_agent="Firefox Windows", is_told=True, now=NOW)

    assert subjects() == [(EMAIL, "Вход в Личный кабинет с нового устройства")]
    assert "Firefox, Windows" in mail.outbox[0].body


def test_it_was_not_me_puts_everybody_out_and_mails_a_link():
    user = make_user()
    remember_device(user=user, device_token=BROWSER, user_agent="", is_told=True, now=NOW)
    token = link_token(LinkKind.NOT_MY_SIGN_IN, KnownDevice.objects.get().pk)

    disown_sign_in(token=token, now=NOW)

    before, user = user.get_session_auth_hash(), User.objects.get()
    assert user.get_session_auth_hash() != before
    assert not user.has_usable_password()
    assert not user.devices.filter(forgotten_at=None).exists()
    assert subjects()[-1] == (EMAIL, "Новый пароль для Личного кабинета")
    with pytest.raises(LinkUsed):
        disown_sign_in(token=token, now=NOW)


def test_the_code_for_a_new_device_comes_by_letter_and_is_good_once():
    code_id = ask_device_code(user=make_user(), now=NOW)
    run_jobs(only="letters.")
    assert mailed_code(code_id) in mail.outbox[0].body

    check_device_code(device_code_id=code_id, typed=mailed_code(code_id), now=NOW)

    with pytest.raises(CodeOld):
        check_device_code(device_code_id=code_id, typed=mailed_code(code_id), now=NOW)


def test_a_code_lives_fifteen_minutes():
    code_id = ask_device_code(user=make_user(), now=NOW)

    with pytest.raises(CodeOld):
        check_device_code(device_code_id=code_id, typed=mailed_code(code_id), now=NOW + dt.timedelta(minutes=15))
    check_device_code(device_code_id=code_id, typed=mailed_code(code_id), now=NOW + dt.timedelta(minutes=14))


def test_five_wrong_codes_are_the_end_of_it():
    code_id = ask_device_code(user=make_user(), now=NOW)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            check_device_code(device_code_id=code_id, typed="никогда", now=NOW)

    with pytest.raises(CodeOld):
        check_device_code(device_code_id=code_id, typed=mailed_code(code_id), now=NOW)

    assert DeviceCode.objects.get().used_at is None


def test_digits_may_be_typed_with_spaces():
    code_id = ask_device_code(user=make_user(), now=NOW)
    code = mailed_code(code_id)

    check_device_code(device_code_id=code_id, typed=f" {code[:3]} {code[3:]} ", now=NOW)

    assert DeviceCode.objects.get().used_at == NOW
