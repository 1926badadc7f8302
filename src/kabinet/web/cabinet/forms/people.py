"""Forms of registration, sign-in, passwords and addresses. They check shape; use-cases decide meaning."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.web.cabinet.forms.robot_check import RobotCheckForm
from kabinet.web.ui.forms import Form

PASSWORD_MAX_LENGTH = 1000
"""Longer ones are refused unread: hashing is not free. What a password may be is the policy's to say."""


CYRILLIC, LATIN = re.compile(r"[\u0400-\u04ff]"), re.compile(r"[A-Za-z]")


class AddressField(forms.EmailField):
    """An address of e-mail. It names Russian letters in it: they look like Latin ones, and nobody would find them."""

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError for Russian letters before «@», or beside Latin ones in a part of the domain.

        A domain may be Russian as a whole: «почта.рф».
        """
        address = super().to_python(value)
        name, _at, domain = address.rpartition("@")
        strange = CYRILLIC.findall(name)
        for part in domain.split("."):
            strange += CYRILLIC.findall(part) if LATIN.search(part) else []
        if strange:
            raise forms.ValidationError(
                _(
                    "В адресе есть русские буквы: %(letters)s. "
                    "Переключите клавиатуру на латинские и наберите адрес заново."
                ),
                code="cyrillic",
                params={"letters": ", ".join(f"«{letter}»" for letter in dict.fromkeys(strange))},
            )
        return address


def email_field(label: Any, **attrs: str) -> AddressField:
    return AddressField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
            | attrs
        ),
        error_messages={
            "required": _("Введите адрес электронной почты."),
            "invalid": _("Проверьте адрес: нужны «@» и точка после неё, без пробелов. Пример: ivanov@example.ru."),
        },
    )


def password_field(label: Any, autocomplete: str, required: Any = None) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=PASSWORD_MAX_LENGTH,
        widget=forms.PasswordInput(
            attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": required or _("Введите пароль.")},
    )


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = password_field(_("Новый пароль"), "new-password", _("Придумайте пароль."))
    password_again = password_field(_("Повторите пароль"), "new-password", _("Введите пароль ещё раз."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("password") and given.get("password_again") and given["password"] != given["password_again"]:
            self.add_error("password_again", _("Пароли не совпадают. Введите в оба поля одно и то же."))
        return given


class InvitationForm(NewPasswordForm):
    """What a new member of staff types: only what is not known yet."""

    surname = forms.CharField(
        label=_("Фамилия"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Напишите фамилию: её увидят коллеги.")},
    )
    given_name = forms.CharField(
        label=_("Имя"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Напишите имя: его увидят коллеги.")},
    )
    field_order = ("surname", "given_name", "password", "password_again")

    def __init__(self, *args: Any, asks_name: bool, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for is_asked, names in (
            (asks_name, ("surname", "given_name")),
            (asks_password, ("password", "password_again")),
        ):
            for name in () if is_asked else names:
                del self.fields[name]

    @property
    def given(self) -> dict[str, str]:
        """Give what the use-case takes; empty for what was not asked."""
        return {name: self.cleaned_data.get(name, "") for name in ("surname", "given_name", "password")}


class SignUpForm(RobotCheckForm, NewPasswordForm):
    """«Регистрация»."""

    field_order = ("email", "password", "password_again", "robot_question", "robot_answer", "consents")

    email = email_field(_("E-mail (логин)"))
    consents = forms.BooleanField(
        label=_("Согласен на обработку персональных данных"),
        error_messages={
            "required": _("Отметьте согласие на обработку персональных данных: без него создать кабинет нельзя.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Укажите пароль")


class SignInForm(RobotCheckForm):
    email = email_field(_("E-mail (логин)"))
    password = password_field(_("Пароль"), "current-password")


class ConfirmationForm(Form):
    """One button; in a browser other than the one that registered, the password as well."""

    password = password_field(
        _("Пароль"), "current-password", _("Введите пароль, который Вы придумали при регистрации.")
    )

    def __init__(self, *args: Any, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_password:
            del self.fields["password"]


class PasswordResetForm(RobotCheckForm):
    email = email_field(_("E-mail (логин)"))


class PasswordChangeForm(NewPasswordForm):
    current_password = password_field(_("Нынешний пароль"), "current-password", _("Введите нынешний пароль."))
    field_order = ("current_password", "password", "password_again")


class EmailChangeForm(Form):
    email = email_field(_("Новый адрес"), autocomplete="email")
    current_password = password_field(_("Пароль от кабинета"), "current-password")


class OwnPasswordForm(Form):
    """The password once more, before a step that cannot be undone by a press."""

    current_password = password_field(_("Пароль от кабинета"), "current-password")


class DeviceCodeForm(Form):
    code = forms.CharField(
        label=_("Код из письма"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Введите шесть цифр из письма.")},
    )
