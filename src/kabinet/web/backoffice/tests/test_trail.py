"""The office shows who did what and when: on a page of its own, and beside each thing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.audit import operations as audit
from kabinet.audit.models import Entry
from kabinet.common.testing import NOW, at
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.people.models import User
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db

TRAIL = reverse("office:audit")


@pytest.fixture
def payment() -> Payment:
    return make_payment(make_account(), make_payer(), state="paid")


@pytest.fixture
def accountant(payment: Payment) -> User:
    return make_member("accountant", payment.supplier, given_name="Анна", surname="Котова")


@pytest.fixture
def manager(payment: Payment) -> User:
    return make_member("manager", payment.supplier)


def note(payment: Payment, actor: User | None, action: str = "refund.made", **values: Any) -> None:
    defaults = {"supplier_id": payment.supplier_id, "subject": f"payment:{payment.id}", "now": NOW}
    audit.note(action=action, actor=actor, **(defaults | values))


def look(client: Client, member: User, **query: Any) -> str:
    client.force_login(member)
    return text_of(client.get(TRAIL, query))


def test_the_manager_reads_what_was_done(client: Client, payment: Payment, accountant: User, manager: User) -> None:
    note(payment, accountant, details={"amount_rub": "40.00"})

    words = look(client, manager)

    assert f"22.11.2026, 12:00 Анна Котова Сделан возврат платёж {payment.id} сумма, ₽: 40,00" in words


def test_what_was_done_at_another_supplier_is_not_there(client: Client, payment: Payment, accountant: User) -> None:
    note(payment, accountant)

    stranger = make_member("manager", make_account().supplier)

    assert "Записей ещё нет" in look(client, stranger)
    assert "Анна Котова" not in look(client, stranger, actor_id=accountant.pk)
    assert "Анна Котова" in look(client, make_member("operator"))


def test_it_is_narrowed_by_person_act_thing_and_day(
    client: Client, payment: Payment, accountant: User, manager: User
) -> None:
    note(payment, accountant)
    note(payment, manager, "alarm.lifted", now=at("2026-11-23 00:30"))

    def shown(**query: Any) -> list[str]:
        client.force_login(manager)
        return [row.action for row in client.get(TRAIL, query).context["list"].rows]

    assert shown() == ["alarm.lifted", "refund.made"]
    assert shown(actor_id=accountant.pk) == ["refund.made"]
    assert shown(action="alarm.lifted") == ["alarm.lifted"]
    assert shown(subject=f"payment:{payment.id}", since="2026-11-23") == ["alarm.lifted"]
    assert shown(until="2026-11-22") == ["refund.made"]
    assert shown(subject="refund") == []


def test_a_thing_is_asked_for_as_the_trail_names_it(client: Client, manager: User) -> None:
    assert "Напишите, как в столбце «С чем»: account:17." in look(client, manager, subject="счёт 17")


def test_a_list_that_is_taken_away_is_in_the_trail_itself(client: Client, payment: Payment, manager: User) -> None:
    note(payment, None)
    client.force_login(manager)

    file = b"".join(client.get(TRAIL, {"download": "csv"})).decode("utf-8-sig")

    assert "Сделан возврат" in file
    assert Entry.objects.get(action="list.exported").subject == "list:audit"


def test_beside_a_payment_stands_who_did_what_to_it(client: Client, payment: Payment, accountant: User) -> None:
    path = reverse("office:payment", args=[payment.public_id])
    client.force_login(accountant)
    assert "Кто и когда" not in text_of(client.get(path))

    note(payment, accountant)

    assert "Кто и когда Сделан возврат 22.11.2026, 12:00 · Анна Котова" in text_of(client.get(path))


def test_the_page_costs_as_much_however_long_the_trail_is(
    client: Client, payment: Payment, accountant: User, manager: User, django_assert_num_queries: Any
) -> None:
    note(payment, accountant)
    client.force_login(manager)
    client.get(TRAIL)

    with CaptureQueriesContext(connection) as of_one_entry:
        client.get(TRAIL)
    for _ in range(31):
        note(payment, accountant)

    with django_assert_num_queries(len(of_one_entry)):
        client.get(TRAIL)
