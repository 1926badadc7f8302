"""Letters about payments."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import transaction
from pypdf import PdfReader

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.bills.tests.papers import unprintable
from kabinet.outbox import operations as outbox
from kabinet.outbox.testing import run_jobs
from kabinet.payments.facts import PaymentConfirmed, PaymentNeedsPerson
from kabinet.payments.tests.factories import make_payment
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    account = make_account(make_supplier(name="Межрегионгаз Калуга"), number="702062012")
    return make_payment(
        account, make_user("petrov@example.ru"), "1234.56", state="paid", method_title="Банковская карта •••• 4444"
    )


def tell(fact) -> None:
    with transaction.atomic():
        outbox.record(fact)
    run_jobs(only="letters.")


def test_the_payer_gets_what_was_paid_for_which_account(payment, mailoutbox):
    tell(PaymentConfirmed(supplier_id=payment.supplier_id, payment_id=payment.id))

    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (["petrov@example.ru"], "Оплата получена")
    assert "1\u202f234,56\u00a0₽ на лицевой счёт 702062012 (Межрегионгаз Калуга)" in letter.body
    assert "Оплачено: 22.11.2026, 12:00" in letter.body
    assert "Комиссия" not in letter.body
    assert f"/payments/{payment.public_id}/" in letter.body


def test_the_letter_carries_the_proof_of_payment(payment, mailoutbox):
    tell(PaymentConfirmed(supplier_id=payment.supplier_id, payment_id=payment.id))

    [proof] = mailoutbox[0].attachments
    pages = PdfReader(BytesIO(proof.content)).pages
    assert (proof.filename, proof.mimetype) == (f"Подтверждение оплаты {payment.public_id}.pdf", "application/pdf")
    assert "702062012" in pages[0].extract_text()


def test_a_proof_that_cannot_be_made_holds_up_no_news_of_the_money(payment, mailoutbox, tmp_path):
    with unprintable("702062012", tmp_path):
        tell(PaymentConfirmed(supplier_id=payment.supplier_id, payment_id=payment.id))

    (letter,) = mailoutbox
    assert "на лицевой счёт 702062012" in letter.body
    assert letter.attachments == []
    assert Entry.objects.get(action="paper.failed").subject == f"payment:{payment.id}"


def test_the_payers_commission_is_named(payment, mailoutbox):
    payment.amount_rub, payment.commission_rub = Decimal("1277.77"), Decimal("43.21")
    payment.save()

    tell(PaymentConfirmed(supplier_id=payment.supplier_id, payment_id=payment.id))

    assert "Комиссия: 43,21\u00a0₽" in mailoutbox[0].body


def test_the_staff_are_called_with_ids_only(payment, mailoutbox, settings):
    payment.alarm = "paid_after_failed"
    payment.save()

    tell(PaymentNeedsPerson(supplier_id=payment.supplier_id, payment_id=payment.id, reason="paid_after_failed"))

    (letter,) = mailoutbox
    assert letter.to == [settings.SUPPORT_EMAIL]
    assert str(payment.public_id) in letter.body
    assert "оплачен после отказа" in letter.body
    assert "702062012" not in letter.body
