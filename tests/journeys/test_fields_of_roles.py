"""What each role sees of a customer: every page of the office and every list as a file, looked through for each field.

A field of the table (`people.rules.rights.SHOWN_BY`) has values here that occur nowhere else. A role without its right
meets them nowhere; a role with it meets them somewhere, else the walk would prove nothing.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Absence
from kabinet.accounts.tests.factories import make_access
from kabinet.meters.models import Reading
from kabinet.people.models import User
from kabinet.people.rules import rights
from kabinet.tariffs.models import BenefitGrant
from kabinet.web.backoffice.tests.factories import make_member
from tests.journeys import test_office_strangers as office

pytestmark = pytest.mark.django_db

in_november = office.in_november
no_gateway = office.no_gateway
own = office.own

#: What is looked for, field by field. Numbers and sums of payments are everybody's, so nobody is kept from them.
VALUES = {
    rights.PERSON: ("Кюхельбекер", "улица Цветочная", "Никифорович"),
    rights.CONSUMPTION: ("31415", "31 415"),
    rights.MASKED_EMAIL: ("•••@zzz-kanareyka.example",),
    rights.PAPERS: ("Удостоверение зэ-77", "Справка щэ-88"),
    rights.CONTACTS: ("vilhelm@zzz-kanareyka.example", "123-45-67", "+79051234567"),
    rights.TOLD_CONTACTS: ("told@zzz-peredano.example", "79067654321"),
}


@pytest.fixture
def customer(own: office.Matters) -> User:
    """Give the account of the office's matters a customer with all there is to see, who has asked a question."""
    account = own.meter.account
    account.surname, account.given_name, account.patronymic = "Кюхельбекер", "Вильгельм", "Никифорович"
    account.street_address = "улица Цветочная, 7"
    account.save()
    asker = own.question.user
    asker.email = asker.email_canonical = "vilhelm@zzz-kanareyka.example"
    asker.phone = "+79051234567"
    asker.save()
    make_access(asker, account)
    days = {"supplier_id": own.supplier_id, "account": account, "valid_from": dt.date(2026, 1, 1)}
    BenefitGrant.objects.create(**days, benefit=own.benefit, document="Удостоверение зэ-77")
    Absence.objects.create(**days, valid_until=dt.date(2026, 2, 1), residents_count=1, document="Справка щэ-88")
    Reading.objects.filter(pk=own.reading.pk).update(value_m3=31415)
    told = "Лицевой счёт;Эл. почта;Телефон\r\n702062019;told@zzz-peredano.example;79067654321\r\n"
    own.outgoing.path.write_text(told, encoding="utf-8-sig")
    return asker


def pages(role: str, own: office.Matters) -> Iterator[tuple[str, str]]:
    """Give each page that a role opens, and each list that it takes away."""
    client = Client()
    client.force_login(make_member(role, None if role in rights.OF_INSTALLATION else own.payment.supplier))
    for name, door in office.DOORS.items():
        if door.method != "get":
            continue
        path = reverse(f"office:{name}", args=door.ids(own))
        for query in ("", "?download=csv"):
            answer: Any = client.get(path + query)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            yield name + query, content.decode("utf-8-sig", "replace").replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("role", office.ROLES)
def test_a_role_sees_the_fields_of_the_table_and_no_others(role: str, own: office.Matters, customer: User) -> None:
    seen: dict[str, set[str]] = {field: set() for field in VALUES}
    for name, text in pages(role, own):
        for field, values in VALUES.items():
            if any(value in text for value in values):
                seen[field].add(name)

    allowed = {field for field in VALUES if rights.may(frozenset({role}), rights.SHOWN_BY[field])}
    assert {field: sorted(names) for field, names in seen.items() if names and field not in allowed} == {}
    assert {field for field in allowed if not seen[field]} == set()


def test_every_field_of_the_table_is_looked_for() -> None:
    assert {*VALUES} == {*rights.SHOWN_BY} - {rights.NUMBER}
