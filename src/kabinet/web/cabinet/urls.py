"""Addresses of the customer's site. They carry ids, never an account's number."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import path

app_name = "cabinet"

_ACCOUNT = "accounts/<int:supplier_id>/<int:account_id>/"
_METER = "meters/<int:supplier_id>/<int:meter_id>/"
_PAYMENT = "payments/<uuid:public_id>/"

_ROUTES = [
    ("", "home.home", "home"),
    ("signup/", "sign_up.sign_up", "sign_up"),
    ("signup/done/", "sign_up.done", "sign_up_done"),
    ("confirm/<str:token>/", "confirmation.confirm", "confirm"),
    ("not-me/<str:token>/", "confirmation.not_me", "not_me"),
    ("login/", "sign_in.sign_in", "sign_in"),
    ("login/unconfirmed/", "confirmation.unconfirmed", "unconfirmed"),
    ("login/code/", "sign_in.device_code", "device_code"),
    ("logout/", "sign_in.sign_out", "sign_out"),
    ("password/reset/", "password.ask_reset", "password_reset"),
    ("password/reset/sent/", "password.reset_sent", "password_reset_sent"),
    ("password/reset/<str:token>/", "password.reset", "password_reset_by_link"),
    ("email/confirm/<str:token>/", "security.confirm_email", "email_confirm"),
    ("email/undo/<str:token>/", "security.undo_email", "email_undo"),
    ("agreement/", "agreements.agreement", "agreement"),
    ("consent/", "agreements.consent", "consent"),
    ("robot/challenge/", "robot_check.challenge", "robot_challenge"),
    ("welcome/", "welcome.welcome", "welcome"),
    ("accounts/attach/", "accounts.attach", "account_attach"),
    (_ACCOUNT, "home.account", "account"),
    (_ACCOUNT + "attached/", "accounts.attached", "account_attached"),
    (_ACCOUNT + "settings/", "accounts.settings", "account_settings"),
    (_ACCOUNT + "prove/", "accounts.prove", "account_prove"),
    (_ACCOUNT + "detach/", "accounts.detach", "account_detach"),
    (_ACCOUNT + "readings/", "readings.overview", "readings"),
    (_METER, "readings.meter", "meter"),
    (_METER + "submit/", "readings.submit", "reading_submit"),
    (_METER + "estimate/", "readings.estimate", "reading_estimate"),
    (_ACCOUNT + "charges/", "charges.overview", "charges"),
    (_ACCOUNT + "charges/<str:month>/", "charges.month", "charges_month"),
    (_ACCOUNT + "pay/", "pay.choose", "pay"),
    (_ACCOUNT + "pay/debt/", "pay.debt", "pay_debt"),
    (_ACCOUNT + "pay/own-sum/", "pay.own_sum", "pay_own_sum"),
    (_ACCOUNT + "pay/with-reading/", "pay.with_reading", "pay_with_reading"),
    (_ACCOUNT + "payments/", "payments.overview", "payments"),
    (_PAYMENT, "payments.detail", "payment"),
    (_PAYMENT + "return/", "payments.came_back", "payment_return"),
    (_PAYMENT + "continue/", "payments.go_on", "payment_continue"),
    (_PAYMENT + "proof.pdf", "bills.payment_proof", "payment_proof"),
    (_ACCOUNT + "bills/", "bills.overview", "bills"),
    (_ACCOUNT + "bills/<str:month>.pdf", "bills.pdf", "bill"),
    ("questions/", "questions.overview", "questions"),
    ("questions/ask/", "questions.ask", "question_ask"),
    ("questions/<int:question_id>/", "questions.detail", "question"),
    ("settings/", "settings.overview", "settings"),
    ("settings/accounts/order/", "accounts.order", "accounts_order"),
    ("settings/security/", "security.overview", "security"),
    ("settings/security/password/", "password.change", "password_change"),
    ("settings/security/email/", "security.change_email", "email_change"),
    ("settings/security/sessions/", "security.end_sessions", "sessions_end"),
]


def _view(dotted):
    module, function = dotted.split(".")
    if find_spec(f"kabinet.web.cabinet.views.{module}") is None:
        return None
    return getattr(import_module(f"kabinet.web.cabinet.views.{module}"), function, None)


urlpatterns = [path(route, _view(dotted), name=name) for route, dotted, name in _ROUTES if _view(dotted)]
