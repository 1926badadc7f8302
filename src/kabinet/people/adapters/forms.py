"""Forms of allauth in our words."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey lets in without a password unless its owner wants it as a second factor only."""

    passwordless = forms.BooleanField(
        label=_("Входить этим ключом без пароля"),
        required=False,
        initial=True,
        help_text=_("Без отметки ключ будет вторым фактором: сначала пароль, потом ключ."),
    )
