"""Forms of allauth in our words."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class _CodeForm(forms.Form):
    """Comes before a form of allauth that asks for a code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}
        code.error_messages["required"] = _("Введите код: шесть цифр из приложения.")


class EnterCodeForm(_CodeForm, AuthenticateForm):
    """At the door."""


class EnterCodeAgainForm(_CodeForm, ReauthenticateByCodeForm):
    """Before a sensitive step."""


class ConnectAppForm(_CodeForm, ActivateTOTPForm):
    """The first code of an app proves that it has the secret."""


class EnterPasswordAgainForm(ReauthenticateForm):
    """Before a sensitive step."""

    password = forms.CharField(
        label=_("Пароль"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Введите пароль.")},
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey lets in without a password unless its owner wants it as a second factor only."""

    passwordless = forms.BooleanField(
        label=_("Входить этим ключом без пароля"),
        required=False,
        initial=True,
        help_text=_("Без отметки ключ будет вторым шагом входа: сначала пароль, потом ключ."),
    )
