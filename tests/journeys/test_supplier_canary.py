"""Canaries of one supplier are planted in all that it has, and sing on no page and in no file made for another's staff.

The same walk by staff of the installation hears them: else it would prove nothing.
"""

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Account
from kabinet.audit import operations as audit
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter
from kabinet.notices.models import Notice
from kabinet.people.models import Invitation, User
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support.models import AnswerTemplate, Question
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
