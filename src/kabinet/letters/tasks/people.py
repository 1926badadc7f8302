"""Letters about registration, sign-in and security; what has become void by the time of sending is not sent."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, local_time, public_url, send
from kabinet.people.queries import letters as queries
from kabinet.people.queries.acceptances import withdrawn_consent


@app.task(name="letters.send_confirmation_link", queue="letters", retry=RETRY)
def send_confirmation_link(*, registration_id: int, version: int, fact_id: str) -> None:
    if letter := queries.confirmation_letter(registration_id, version):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Подтвердите регистрацию в Личном кабинете"),
            template="letters/confirmation",
            context={
                "link": public_url("cabinet:confirm", letter.token),
                "not_me_link": public_url("cabinet:not_me", letter.not_me_token),
                "valid_until": letter.valid_until.strftime("%d.%m.%Y"),
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_known_address", queue="letters", retry=RETRY)
def send_known_address(*, user_id: int, fact_id: str) -> None:
    _send_notice(
        user_id,
        fact_id,
        subject=_("Вы уже зарегистрированы в Личном кабинете"),
        template="letters/known_address",
        context={
            "sign_in_link": public_url("cabinet:sign_in"),
            "reset_link": public_url("cabinet:password_reset"),
        },
    )


@app.task(name="letters.send_device_code", queue="letters", retry=RETRY)
def send_device_code(*, device_code_id: int, fact_id: str) -> None:
    if letter := queries.device_code_letter(device_code_id):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Код для входа в Личный кабинет"),
            template="letters/device_code",
            context={"code": letter.code, "expires_at": local_time(letter.expires_at)},
            fact_id=fact_id,
        )


@app.task(name="letters.send_new_device", queue="letters", retry=RETRY)
def send_new_device(*, device_id: int, fact_id: str) -> None:
    if letter := queries.new_device_letter(device_id):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Вход в Личный кабинет с нового устройства"),
            template="letters/new_device",
            context={
                "device": letter.device,
                "at": local_time(letter.at),
                "not_me_link": public_url("cabinet:not_me", letter.token),
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_password_reset", queue="letters", retry=RETRY)
def send_password_reset(*, password_reset_id: int, fact_id: str) -> None:
    if letter := queries.password_reset_letter(password_reset_id):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Новый пароль для Личного кабинета"),
            template="letters/password_reset",
            context={
                "link": public_url("cabinet:password_reset_by_link", letter.token),
                "expires_at": local_time(letter.expires_at),
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_password_changed", queue="letters", retry=RETRY)
def send_password_changed(*, user_id: int, fact_id: str) -> None:
    _send_notice(
        user_id,
        fact_id,
        subject=_("Пароль Личного кабинета изменён"),
        template="letters/password_changed",
        context={"reset_link": public_url("cabinet:password_reset")},
    )


@app.task(name="letters.send_email_change", queue="letters", retry=RETRY)
def send_email_change(*, email_change_id: int, fact_id: str) -> None:
    if letter := queries.email_change_letter(email_change_id):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Подтвердите новый адрес для Личного кабинета"),
            template="letters/email_change",
            context={
                "link": public_url("cabinet:email_confirm", letter.token),
                "expires_at": local_time(letter.expires_at),
                "old_email": letter.other_email,
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_email_changed", queue="letters", retry=RETRY)
def send_email_changed(*, email_change_id: int, fact_id: str) -> None:
    if letter := queries.email_changed_letter(email_change_id):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Адрес Личного кабинета изменён"),
            template="letters/email_changed",
            context={
                "link": public_url("cabinet:email_undo", letter.token),
                "expires_at": local_time(letter.expires_at),
                "new_email": letter.other_email,
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_consent_withdrawn", queue="letters", retry=RETRY)
def send_consent_withdrawn(*, user_id: int, acceptance_id: int, fact_id: str) -> None:
    if consent := withdrawn_consent(acceptance_id):
        _send_notice(
            user_id,
            fact_id,
            subject=_("Согласие отозвано, кабинет будет удалён"),
            template="letters/consent_withdrawn",
            context={
                "erased_by": consent.erased_by.strftime("%d.%m.%Y") if consent.erased_by else "",
                "reset_link": public_url("cabinet:password_reset"),
            },
        )


_SECOND_FACTOR_CHANGES = {
    "totp_activated": _("Подключено приложение с кодами."),
    "totp_deactivated": _("Отключено приложение с кодами."),
    "webauthn_added": _("Добавлен ключ доступа."),
    "webauthn_removed": _("Удалён ключ доступа."),
    "forgotten": _("Второй шаг входа снят по Вашей просьбе: подключите его заново, когда войдёте."),
    "recovery_codes_generated": _("Созданы новые резервные коды, прежние больше не действуют."),
}


@app.task(name="letters.send_second_factor_changed", queue="letters", retry=RETRY)
def send_second_factor_changed(*, user_id: int, change: str, fact_id: str) -> None:
    _send_notice(
        user_id,
        fact_id,
        subject=_("Изменён способ входа в Личный кабинет"),
        template="letters/second_factor_changed",
        context={
            "change": _SECOND_FACTOR_CHANGES[change],
            "reset_link": public_url("cabinet:password_reset"),
        },
    )


def _send_notice(user_id: int, fact_id: str, **letter: Any) -> None:
    if to := queries.addressee(user_id):
        send(to=to.email, language=to.language, fact_id=fact_id, **letter)
