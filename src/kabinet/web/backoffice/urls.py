"""Addresses of the supplier's site."""

import datetime as dt

from django.urls import path, register_converter

from kabinet.web.backoffice.views import (
    account_acts,
    accounts,
    accruals,
    customers,
    days,
    health,
    home,
    money,
    notices,
    payments,
    payouts,
    proposals,
    questions,
    readings,
    refunds,
    registers,
    registers_out,
    settings,
    shops,
    shortcuts,
    staff,
    suppliers,
    suspense,
    tariffs,
    trail,
)


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
_ACCOUNT = "accounts/<int:supplier_id>/<int:account_id>/"
_SUPPLIER = "suppliers/<int:supplier_id>/"
_SETTINGS = "settings/<int:supplier_id>/"
_DETAILS = "bank-details/<int:supplier_id>/"
_SHOPS = "shops/<int:supplier_id>/"
_INVITATION = "staff/invitations/<int:invitation_id>/"
_REGISTER = "registers/<int:supplier_id>/<int:register_id>/"
_PROPOSAL = "proposals/<int:supplier_id>/<int:proposal_id>/"
_OUTGOING = "registers/out/<int:supplier_id>/<int:register_id>/"
_DISPATCH = "registers/out/<int:supplier_id>/<slug:kind>/"
_NOTICE = "notices/<int:supplier_id>/<int:notice_id>/"
_TARIFFS = "tariffs/<int:supplier_id>/"
_PROPOSED = _TARIFFS + "proposals/<int:proposal_id>/"
_RUN = "accruals/<int:supplier_id>/<int:run_id>/"

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
    path("notices/", notices.overview, name="notices"),
    path("notices/add/", notices.add, name="notice_add"),
    path(_NOTICE, notices.detail, name="notice"),
    path(_NOTICE + "change/", notices.change, name="notice_change"),
    path(_NOTICE + "try/", notices.attempt, name="notice_try"),
    path(_NOTICE + "send/", notices.send, name="notice_send"),
    path(_NOTICE + "stop/", notices.stop, name="notice_stop"),
    path(_NOTICE + "delete/", notices.drop, name="notice_delete"),
    path("readings/", readings.queue, name="readings"),
    path("readings/<int:supplier_id>/<int:reading_id>/", readings.decide, name="reading"),
    path("readings/<int:supplier_id>/<int:reading_id>/ask-photo/", readings.ask, name="reading_ask_photo"),
    path("readings/<int:supplier_id>/<int:reading_id>/photo-<slug:size>.jpg", readings.photo, name="reading_photo"),
    path("questions/", questions.overview, name="questions"),
    path("questions/answers/", questions.ready_answers, name="ready_answers"),
    path("questions/answers/add/", questions.add_ready_answer, name="ready_answer_add"),
    path("questions/answers/<int:template_id>/", questions.change_ready_answer, name="ready_answer"),
    path("questions/answers/<int:template_id>/delete/", questions.drop_ready_answer, name="ready_answer_delete"),
    path("questions/<int:question_id>/", questions.detail, name="question"),
    path("questions/<int:question_id>/assign/", questions.assign, name="question_assign"),
    path("questions/<int:question_id>/unlock/", questions.unlock, name="question_unlock"),
    path("questions/<int:question_id>/close/", questions.close, name="question_close"),
    path("accruals/", accruals.overview, name="accruals"),
    path("accruals/start/", accruals.start, name="accrual_start"),
    path("accruals/correct/", accruals.correct, name="accrual_correct"),
    path(_RUN, accruals.detail, name="accrual"),
    path(_RUN + "oddities/<slug:kind>/", accruals.oddities, name="accrual_oddities"),
    path(_RUN + "release/", accruals.release, name="accrual_release"),
    path(_RUN + "checked/", accruals.checked, name="accrual_checked"),
    path(_RUN + "cancel/", accruals.cancel, name="accrual_cancel"),
    path(_RUN + "again/", accruals.again, name="accrual_again"),
    path(_RUN + "rerun/", accruals.rerun, name="accrual_rerun"),
    path("proposals/", proposals.overview, name="proposals"),
    path(_PROPOSAL, proposals.detail, name="proposal"),
    path(_PROPOSAL + "approve/", proposals.approve, name="proposal_approve"),
    path(_PROPOSAL + "decline/", proposals.decline, name="proposal_decline"),
    path(_PROPOSAL + "withdraw/", proposals.withdraw, name="proposal_withdraw"),
    path("customers/", customers.overview, name="customers"),
    path(_ACCOUNT, accounts.detail, name="account"),
    path(_ACCOUNT + "meters/", accounts.metering, name="account_meters"),
    path(_ACCOUNT + "people/", accounts.people, name="account_people"),
    path(_ACCOUNT + "payments/", accounts.paid, name="account_payments"),
    path(_ACCOUNT + "cabinets/", accounts.cabinets, name="account_cabinets"),
    path(_ACCOUNT + "months/<str:month>/", accounts.month, name="account_month"),
    path(_ACCOUNT + "acts/<slug:key>/", account_acts.act, name="account_act"),
    path(_ACCOUNT + "acts/<slug:key>/<int:subject_id>/", account_acts.act, name="account_act_on"),
    path("tariffs/", tariffs.overview, name="tariffs"),
    path(_TARIFFS, tariffs.prices, name="tariff_prices"),
    path(_TARIFFS + "set/", tariffs.set_price, name="tariff_price_set"),
    path(_TARIFFS + "order/", tariffs.load_order, name="tariff_order"),
    path(_TARIFFS + "norms/", tariffs.norms, name="tariff_norms"),
    path(_TARIFFS + "norms/set/", tariffs.set_norm_of, name="tariff_norm_set"),
    path(_TARIFFS + "factors/", tariffs.factors, name="tariff_factors"),
    path(_TARIFFS + "factors/set/", tariffs.set_factor, name="tariff_factor_set"),
    path(_TARIFFS + "benefits/", tariffs.benefits, name="tariff_benefits"),
    path(_TARIFFS + "benefits/add/", tariffs.add_benefit, name="tariff_benefit_add"),
    path(_TARIFFS + "benefits/<int:benefit_id>/", tariffs.change_benefit, name="tariff_benefit"),
    path(_TARIFFS + "policies/", tariffs.policies, name="tariff_policies"),
    path(_TARIFFS + "policies/set/", tariffs.set_policy, name="tariff_policy_set"),
    path(_TARIFFS + "law/", tariffs.law, name="tariff_law"),
    path(_TARIFFS + "proposals/", tariffs.proposals, name="tariff_proposals"),
    path(_PROPOSED, tariffs.proposal, name="tariff_proposal"),
    path(_PROPOSED + "approve/", tariffs.approve, name="tariff_proposal_approve"),
    path(_PROPOSED + "decline/", tariffs.decline, name="tariff_proposal_decline"),
    path(_PROPOSED + "withdraw/", tariffs.withdraw, name="tariff_proposal_withdraw"),
    path("registers/", registers.overview, name="registers"),
    path("registers/upload/", registers.upload, name="register_upload"),
    path("registers/formats/", registers.formats_of, name="register_formats"),
    path(
        "registers/formats/<int:supplier_id>/<int:profile_id>/delete/",
        registers.forget_format,
        name="register_format_delete",
    ),
    path("registers/sample/<int:supplier_id>/<slug:kind>/", registers.sample, name="register_sample"),
    path("registers/limits/<int:supplier_id>/<slug:kind>/", registers.set_limits, name="register_limits"),
    path(_REGISTER, registers.detail, name="register"),
    path(_REGISTER + "format/", registers.choose_format, name="register_format"),
    path(_REGISTER + "format/edit/", registers.edit_format, name="register_format_edit"),
    path(_REGISTER + "lines/", registers.lines, name="register_lines"),
    path(_REGISTER + "approve/", registers.approve, name="register_approve"),
    path(_REGISTER + "cancel/", registers.cancel, name="register_cancel"),
    path(_REGISTER + "undo/", registers.recall, name="register_undo"),
    path(_REGISTER + "undo/approve/", registers.approve_undo, name="register_undo_approve"),
    path(_REGISTER + "undo/withdraw/", registers.withdraw_undo, name="register_undo_withdraw"),
    path(_REGISTER + "refused/", registers.refused, name="register_refused"),
    path(_REGISTER + "file/", registers.original, name="register_file"),
    path("registers/out/", registers_out.overview, name="outgoing"),
    path(_OUTGOING, registers_out.detail, name="outgoing_register"),
    path(_OUTGOING + "file/", registers_out.file_of, name="outgoing_file"),
    path(_OUTGOING + "resend/", registers_out.resend, name="outgoing_resend"),
    path(_OUTGOING + "refused/", registers_out.resend_lines, name="outgoing_resend_lines"),
    path(_OUTGOING + "acknowledge/", registers_out.acknowledge, name="outgoing_acknowledge"),
    path(_OUTGOING + "booked/", registers_out.book, name="outgoing_book"),
    path(_DISPATCH, registers_out.change_dispatch, name="dispatch"),
    path(_DISPATCH + "make/", registers_out.make, name="outgoing_make"),
    path(_DISPATCH + "check/", registers_out.check_dispatch, name="dispatch_check"),
    path(_DISPATCH + "trust/", registers_out.trust_dispatch, name="dispatch_trust"),
    path("suppliers/", suppliers.overview, name="suppliers"),
    path("suppliers/add/", suppliers.add, name="supplier_add"),
    path(_SUPPLIER, suppliers.detail, name="supplier"),
    path(_SUPPLIER + "change/", suppliers.change, name="supplier_change"),
    path(_SUPPLIER + "purposes/add/", suppliers.add_purpose, name="supplier_purpose_add"),
    path("settings/", settings.choose, name="settings"),
    path(_SETTINGS, settings.overview, name="supplier_settings"),
    path(_SETTINGS + "<slug:key>/", settings.change, name="supplier_settings_change"),
    path("bank-details/", settings.choose_details, name="bank_details_choose"),
    path(_DETAILS, settings.bank_details, name="bank_details"),
    path(_DETAILS + "add/", settings.add_details, name="bank_details_add"),
    path(_DETAILS + "<int:details_id>/replace/", settings.replace_details, name="bank_details_replace"),
    path(_DETAILS + "changes/<int:change_id>/confirm/", settings.confirm_details, name="bank_details_confirm"),
    path(_DETAILS + "changes/<int:change_id>/withdraw/", settings.withdraw_details, name="bank_details_withdraw"),
    path("shops/", shops.choose, name="shops_choose"),
    path(_SHOPS, shops.overview, name="shops"),
    path(_SHOPS + "add/", shops.add, name="shop_add"),
    path(_SHOPS + "<int:shop_id>/", shops.detail, name="shop"),
    path(_SHOPS + "<int:shop_id>/change/", shops.change, name="shop_change"),
    path(_SHOPS + "<int:shop_id>/key/", shops.renew_key, name="shop_key"),
    path(_SHOPS + "<int:shop_id>/off/", shops.switch_off, name="shop_off"),
    path(_SHOPS + "<int:shop_id>/on/", shops.ask, name="shop_on"),
    path(_SHOPS + "switches/<int:switch_id>/confirm/", shops.confirm, name="shop_switch_confirm"),
    path(_SHOPS + "switches/<int:switch_id>/withdraw/", shops.withdraw, name="shop_switch_withdraw"),
    path("staff/", staff.overview, name="staff"),
    path("staff/invite/", staff.invite, name="staff_invite"),
    path("staff/<int:role_id>/withdraw/", staff.take_role, name="staff_take_role"),
    path(_INVITATION + "confirm/", staff.confirm, name="invitation_confirm"),
    path(_INVITATION + "again/", staff.send_again, name="invitation_again"),
    path(_INVITATION + "withdraw/", staff.withdraw, name="invitation_withdraw"),
    path("roles/", staff.roles, name="roles"),
    path("audit/", trail.overview, name="audit"),
    path("health/", health.overview, name="health"),
    path("shortcuts/", shortcuts.overview, name="shortcuts"),
]
