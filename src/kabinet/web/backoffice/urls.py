"""Addresses of the supplier's site."""

from django.urls import path

from kabinet.web.backoffice.views import home, payments

app_name = "office"

_PAYMENT = "payments/<uuid:public_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("payments/", payments.overview, name="payments"),
    path(_PAYMENT, payments.detail, name="payment"),
    path(_PAYMENT + "settle/", payments.settle, name="payment_settle"),
]
