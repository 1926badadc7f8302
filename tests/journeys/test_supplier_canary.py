"""Canaries of one supplier are planted in all that it has, and sing on no page and in no file made for another's staff.

The same walk by staff of the installation hears them: else it would prove nothing.
"""

import io
import zipfile
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit import operations as audit
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter
from kabinet.notices.models import Notice
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import Invitation, User
from kabinet.people.tests.factories import make_user
from kabinet.people.usecases.invite_staff import invite_staff
from kabinet.suppliers.models import BankDetails, BankDetailsChange, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.suppliers.usecases.ask_bank_details_change import ask_bank_details_change
from kabinet.support.models import AnswerTemplate, Question
from kabinet.support.tests.factories import make_question
from kabinet.support.usecases.answer_question import answer_question
from kabinet.tariffs.models import Benefit
from kabinet.web.backoffice.tests.factories import make_member
from tests.journeys import test_office_strangers as office

pytestmark = pytest.mark.django_db

WORDS = ("Канарейкагаз", "Канарейкин", "777000777", "KANAR-7", "канареечный", "canary@")
in_november = office.in_november
no_gateway = office.no_gateway
theirs = office.own


@pytest.fixture(autouse=True)
def canaries(theirs: office.Matters) -> None:
    """Write our words into whatever another supplier has that people read."""
    of_them = {"supplier_id": theirs.supplier_id}
    Supplier.objects.filter(pk=theirs.supplier_id).update(name="Канарейкагаз", full_name="АО «Канарейкагаз»")
    Account.objects.filter(**of_them).update(surname="Канарейкин", number="777000777", street_address="канареечный пр.")
    Meter.objects.filter(**of_them).update(serial_number="KANAR-7")
    Question.objects.filter(**of_them).update(subject="канареечный", text="канареечный вопрос")
    AnswerTemplate.objects.filter(**of_them).update(title="канареечный", text="канареечный ответ")
    Notice.objects.filter(**of_them).update(subject="канареечный", text="канареечный")
    Benefit.objects.filter(**of_them).update(name="канареечный")
    Invitation.objects.filter(**of_them).update(email="canary@example.ru", email_canonical="canary@example.ru")
    audit.note(
        action="account.closed", actor=None, now=NOW, subject="account:777000777", supplier_id=theirs.supplier_id
    )


def heard(member: User) -> dict[str, list[str]]:
    """Open every page of the office that needs no id, and take away every list; give where a word was heard."""
    client = Client()
    client.force_login(member)
    found = {}
    for name, door in office.DOORS.items():
        if name in office.WITH_IDS or door.method != "get":
            continue
        for query in ("", "?download=csv", "?download=xlsx"):
            answer = client.get(reverse(f"office:{name}") + query, follow=True)
            text = "".join(texts(answer.getvalue()))
            if words := [word for word in WORDS if word in text]:
                found[name + query] = words
    return found


def texts(content: bytes) -> Iterator[str]:
    """Give what a page or a file says, each part of a workbook too."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            for part in workbook.namelist():
                yield workbook.read(part).decode()
    else:
        yield content.decode()


def test_no_canary_sings_for_another_supplier() -> None:
    supplier = make_supplier()
    member = make_member("manager", supplier)
    for role in ("accountant", "support"):
        member.staff_roles.create(supplier=supplier, role=role)

    assert heard(member) == {}


def test_whoever_may_hear_them_does(theirs: office.Matters) -> None:
    supplier = Supplier.objects.get(pk=theirs.supplier_id)
    member = make_member("manager", supplier)
    for role in ("accountant", "support"):
        member.staff_roles.create(supplier=supplier, role=role)

    places = heard(member)

    assert {word for words in places.values() for word in words} >= {"Канарейкагаз", "777000777", "канареечный"}
    assert "payments?download=xlsx" in places


# --- Letters ----------------------------------------------------------------------------------------------------------


def letters_of(supplier: Supplier, mailoutbox: list[EmailMessage]) -> str:
    """Have a supplier's staff do what sends letters: to a customer, to colleagues, to somebody new. Give them all."""
    run_jobs(only="letters")  # those of before are no business of this supplier
    manager, support = make_member("manager", supplier), make_member("support", supplier)
    make_member("accountant", supplier)
    account = Account.objects.filter(supplier=supplier).first() or make_account(supplier)
    customer = make_user()
    make_access(customer, account)
    question = make_question(customer, supplier=supplier, account=account)
    answer_question(
        question_id=question.id,
        text=f"О счёте {account.number}: всё верно, {account.surname}.",
        closes=False,
        seen_message_id=0,
        request_id=uuid4(),
        actor=support,
        now=NOW,
    )
    BankDetailsChange.objects.filter(supplier=supplier).delete()
    BankDetails.objects.filter(supplier=supplier).delete()
    ask_bank_details_change(
        supplier_id=supplier.id,
        replaced_id=None,
        channel="bank",
        bank_name="филиал «Санкт-Петербург» ОАО «Собинбанк»",
        bic="044030853",
        account_number="40702810900120001210",
        correspondent_account="30101810300000000853",
        actor=manager,
        now=NOW,
    )
    invite_staff(
        email=f"new{supplier.id}@example.ru",
        role="support",
        supplier_id=supplier.id,
        language="ru",
        actor=manager,
        now=NOW,
    )
    mailoutbox.clear()
    run_jobs(only="letters")
    return "\n".join(
        f"{letter.subject} {letter.to} {letter.body} {[part[0] for part in getattr(letter, 'alternatives', [])]}"
        for letter in mailoutbox
    )


def test_no_letter_of_another_supplier_sings(mailoutbox: list[EmailMessage]) -> None:
    words = letters_of(make_supplier(), mailoutbox)

    assert len(mailoutbox) >= 4
    assert [word for word in WORDS if word in words] == []


def test_letters_of_their_own_do(theirs: office.Matters, mailoutbox: list[EmailMessage]) -> None:
    words = letters_of(Supplier.objects.get(pk=theirs.supplier_id), mailoutbox)

    assert {word for word in WORDS if word in words} >= {"Канарейкагаз", "Канарейкин", "777000777"}
