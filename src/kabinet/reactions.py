"""What follows from what: for each fact, the tasks that the worker runs. One page to read it all."""

from typing import Any

from kabinet.accounts import facts as accounts
from kabinet.charges import facts as charges
from kabinet.meters import facts as meters
from kabinet.payments import facts as payments
from kabinet.people import facts as people
from kabinet.registers import facts as registers
from kabinet.suppliers import facts as suppliers
from kabinet.support import facts as support
from kabinet.tariffs import facts as tariffs

REACTIONS: dict[type[Any], list[str]] = {
    accounts.AccountAccessEnded: ["letters.send_account_access_ended"],
    accounts.AccountAttached: ["letters.send_account_attached"],
    accounts.AttachingLocked: ["letters.send_attaching_locked"],
    charges.DocumentProposed: ["letters.send_document_to_decide"],
    charges.MonthCharged: ["letters.announce_month_charged"],
    charges.RunNeedsSecondPerson: ["letters.send_run_to_decide"],
    meters.PhotoAsked: ["letters.send_photo_asked"],
    meters.ReadingReviewed: ["letters.send_reading_not_counted"],
    meters.ReadingWithdrawn: ["letters.send_reading_not_counted"],
    payments.AutopayAnnounced: ["letters.send_autopay_announced"],
    payments.AutopayChargeRefused: ["letters.send_autopay_charge_refused"],
    payments.AutopaySwitched: ["letters.send_autopay_switched"],
    payments.ChargebackRecorded: ["letters.send_chargeback_recorded"],
    payments.ForeignMoneySuspended: ["letters.send_foreign_money_suspended"],
    payments.NightFoundTrouble: ["letters.send_night_found_trouble"],
    payments.PaymentConfirmed: ["letters.send_payment_confirmation"],
    payments.PaymentNeedsPerson: ["letters.send_payment_needs_person"],
    payments.RefundDone: ["letters.send_refund_done"],
    payments.RefundNeedsPerson: ["letters.send_refund_needs_person"],
    payments.ShopRefused: ["letters.send_shop_refused"],
    payments.ShopSwitchAsked: ["letters.send_shop_switch"],
    payments.ShopSwitchConfirmed: ["letters.send_shop_switch"],
    people.ConfirmationLinkAsked: ["letters.send_confirmation_link"],
    people.ConsentWithdrawn: ["letters.send_consent_withdrawn"],
    people.DeviceCodeAsked: ["letters.send_device_code"],
    people.EmailChangeAsked: ["letters.send_email_change"],
    people.EmailChanged: ["letters.send_email_changed"],
    people.KnownAddressRegistered: ["letters.send_known_address"],
    people.PasswordChanged: ["letters.send_password_changed"],
    people.PasswordResetAsked: ["letters.send_password_reset"],
    people.SecondFactorChanged: ["letters.send_second_factor_changed"],
    people.SignedInFromNewDevice: ["letters.send_new_device"],
    people.StaffInvited: ["letters.send_staff_invitation"],
    people.StaffRoleGiven: ["letters.send_staff_role_given"],
    registers.RegisterApplied: ["letters.announce_imported_charges", "letters.send_register_applied"],
    registers.RegisterNeedsSecondPerson: ["letters.send_register_to_decide"],
    registers.RegisterStopped: ["letters.send_register_stopped"],
    registers.RegisterToMail: ["letters.send_register_to_supplier"],
    support.QuestionAnswered: ["letters.send_question_answered"],
    suppliers.BankDetailsChangeAsked: ["letters.send_bank_details_change"],
    suppliers.BankDetailsChangeConfirmed: ["letters.send_bank_details_change"],
    support.QuestionAsked: ["letters.send_question_to_support"],
    support.QuestionContinued: ["letters.send_question_continued"],
    tariffs.ReferenceEnds: ["letters.send_reference_ends"],
    tariffs.TermsProposed: ["letters.send_terms_to_decide"],
}
