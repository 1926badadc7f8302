"""Addresses that allauth names: second factors and the question for the password are its own, the rest leads to us."""

from collections.abc import Callable

from allauth.account import views as account
from django.http import HttpResponseBase
from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from kabinet.web.cabinet.views import sign_in


def _to(route: str) -> Callable[..., HttpResponseBase]:
    return RedirectView.as_view(url=reverse_lazy(route), query_string=True)


urlpatterns = [
    path("login/", _to("cabinet:sign_in"), name="account_login"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("signup/", _to("cabinet:sign_up"), name="account_signup"),
    path("inactive/", _to("cabinet:sign_in"), name="account_inactive"),
    path("password/reset/", _to("cabinet:password_reset"), name="account_reset_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/", _to("cabinet:security"), name="mfa_index"),
    path("2fa/webauthn/", _to("cabinet:security"), name="mfa_list_webauthn"),
    path("2fa/", include("allauth.mfa.urls")),
]
