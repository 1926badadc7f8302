"""Addresses of the supplier's site."""

import datetime as dt

from django.urls import path, register_converter

from kabinet.web.backoffice.views import days, health, home, money, payments, payouts, refunds, suspense


class Day:
    """A day as 2026-11-22."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(Day, "day")

app_name = "office"

_PAYMENT = "payments/<uuid:public_id>/"
_SUSPENDED = "suspense/<int:supplier_id>/<int:suspended_sum_id>/"
_REFUND = "refunds/<uuid:public_id>/"
_DAY = "days/<int:supplier_id>/<int:shop_id>/<day:day>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("payments/", payments.overview, name="payments"),
    path(_PAYMENT, payments.detail, name="payment"),
    path(_PAYMENT + "settle/", payments.settle, name="payment_settle"),
    path(_PAYMENT + "alarm/", payments.lift, name="payment_alarm"),
    path(_PAYMENT + "capture/", money.capture, name="payment_capture"),
    path(_PAYMENT + "release/", money.release, name="payment_release"),
    path(_PAYMENT + "refund/", money.refund, name="payment_refund"),
    path(_PAYMENT + "chargeback/", money.chargeback, name="payment_chargeback"),
    path("suspense/", suspense.overview, name="suspense"),
    path(_SUSPENDED, suspense.detail, name="suspended"),
    path(_SUSPENDED + "allocate/", suspense.allocate, name="suspended_allocate"),
    path(_SUSPENDED + "refund/", suspense.give_back, name="suspended_refund"),
    path("refunds/", refunds.overview, name="refunds"),
    path(_REFUND, refunds.detail, name="refund"),
    path(_REFUND + "approve/", refunds.approve, name="refund_approve"),
    path(_REFUND + "withdraw/", refunds.withdraw, name="refund_withdraw"),
    path("days/", days.overview, name="days"),
    path(_DAY, days.detail, name="day"),
    path(_DAY + "reconcile/", days.reconcile, name="day_reconcile"),
    path(_DAY + "register/", days.load, name="day_register"),
    path(_DAY + "lines/<int:line_id>/", days.note, name="day_note"),
    path(_DAY + "close/", days.close, name="day_close"),
    path("payouts/", payouts.overview, name="payouts"),
    path("payouts/record/", payouts.record, name="payout_record"),
    path("health/", health.overview, name="health"),
]
