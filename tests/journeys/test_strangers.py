"""Whose is it? Every address with an id, opened by each kind of visitor: what is not one's own does not exist.

A new address with an id fails `test_every_address_with_an_id_is_in_the_table` until it says here what it answers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.models import Certificate
from kabinet.bills.tests.factories import make_certificate
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.meters.models import Meter, Reading
from kabinet.meters.tests.factories import make_meter, make_photo, make_reading
from kabinet.payments.models import AutopayCharge, Payment
from kabinet.payments.tests.factories import make_autopay_charge, make_payment, make_shop
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.support.models import Question
from kabinet.support.tests.factories import make_question
from kabinet.web.cabinet.tests.screens import shown_on, text_of
from tests.routes import customer_routes

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Belongings:
    """What one person has; two others: one who may see less of it, and one whose account is elsewhere."""

    owner: User
    lite: User
    stranger: User
    account: Account
    meter: Meter
    reading: Reading
    payment: Payment
    autopay_charge: AutopayCharge
    question: Question
    charge: Charge
    certificate: Certificate


Ids = Callable[[Belongings], list[Any]]


def of_account(*more: Any) -> Ids:
    return lambda own: [own.account.supplier_id, own.account.id, *more]


def of_charge(own: Belongings) -> list[Any]:
    return [own.account.supplier_id, own.account.id, "2026-10", own.charge.id]


def of_certificate(own: Belongings) -> list[Any]:
    return [own.account.supplier_id, own.account.id, own.certificate.id]


def of_meter(own: Belongings) -> list[Any]:
    return [own.meter.supplier_id, own.meter.id]


def of_reading(own: Belongings) -> list[Any]:
    return [own.reading.supplier_id, own.reading.id]


def of_photo(own: Belongings) -> list[Any]:
    return [*of_reading(own), "large"]


def of_payment(own: Belongings) -> list[Any]:
    return [own.payment.public_id]


def of_autopay_charge(own: Belongings) -> list[Any]:
    return [own.account.supplier_id, own.account.id, own.autopay_charge.id]


def of_basket(own: Belongings) -> list[Any]:
    return [own.payment.basket.request_id]


def of_question(own: Belongings) -> list[Any]:
    return [own.question.id]


@dataclass(frozen=True)
class Door:
    """An address with ids. owner, lite: the status that they get; the stranger gets 404 always."""

    ids: Ids
    owner: int = 200
    lite: int = 200
    method: str = "get"


BY_FULL_ACCESS = {"lite": 403}
TO_ITS_OWNER_ALONE = {"lite": 404}

DOORS = {
    "account": Door(of_account()),
    "account_attached": Door(of_account()),
    "account_settings": Door(of_account()),
    "account_prove": Door(of_account(), owner=302),
    "account_detach": Door(of_account()),
    "readings": Door(of_account()),
    "meter": Door(of_meter),
    "reading_submit": Door(of_meter),
    "reading_estimate": Door(of_meter, method="post"),
    "reading_withdraw": Door(of_reading, **TO_ITS_OWNER_ALONE),
    "reading_photo": Door(of_reading, **TO_ITS_OWNER_ALONE),
    "reading_photo_file": Door(of_photo, **TO_ITS_OWNER_ALONE),
    "charges": Door(of_account(), **BY_FULL_ACCESS),
    "charges_month": Door(of_account("2026-10"), **BY_FULL_ACCESS),
    "charges_disagree": Door(of_account("2026-10"), **BY_FULL_ACCESS),
    "charge_disagree": Door(of_charge, **BY_FULL_ACCESS),
    "account_statement": Door(of_account(), **BY_FULL_ACCESS),
    "account_statement_pdf": Door(of_account(), **BY_FULL_ACCESS),
    "certificates": Door(of_account(), **BY_FULL_ACCESS),
    "certificate": Door(of_certificate, **BY_FULL_ACCESS),
    "pay": Door(of_account()),
    "pay_debt": Door(of_account()),
    "pay_own_sum": Door(of_account()),
    "pay_with_reading": Door(of_account()),
    "payments": Door(of_account()),
    "basket": Door(of_basket, **TO_ITS_OWNER_ALONE),
    "payment": Door(of_payment, **TO_ITS_OWNER_ALONE),
    "payment_return": Door(of_payment, **TO_ITS_OWNER_ALONE),
    "payment_continue": Door(of_payment, owner=302, method="post", **TO_ITS_OWNER_ALONE),
    "payment_proof": Door(of_payment, **TO_ITS_OWNER_ALONE),
    "autopay": Door(of_account()),
    "autopay_agree": Door(of_account(), owner=302, lite=302),
    "autopay_stop": Door(of_account(), owner=302, method="post", **TO_ITS_OWNER_ALONE),
    "autopay_cancel": Door(of_autopay_charge, owner=302, method="post", **TO_ITS_OWNER_ALONE),
    "bills": Door(of_account(), **BY_FULL_ACCESS),
    "bill": Door(of_account("2026-10"), **BY_FULL_ACCESS),
    "question": Door(of_question, **TO_ITS_OWNER_ALONE),
    "question_close": Door(of_question, owner=302, method="post", **TO_ITS_OWNER_ALONE),
}

OPEN_TO_ALL = {"cabinet:agreement", "cabinet:consent", "cabinet:autopay_consent"}
#: Whoever has the letter, the paper, or the machine of the demonstration, has the right.
KNOWN_BY_A_SECRET = {
    "cabinet:confirm",
    "cabinet:not_me",
    "cabinet:password_reset_by_link",
    "cabinet:email_confirm",
    "cabinet:email_undo",
    "cabinet:invitation",
    "cabinet:certificate_check",
    "demo:letter",
    "demo:letter_file",
}
#: allauth looks for the key among those of who asks, after asking for the password.
KEYS_OF_ONES_OWN = {"mfa_edit_webauthn", "mfa_remove_webauthn"}

UNDER_A_SUPPLIER = {name: door for name, door in DOORS.items() if door.ids not in {of_payment, of_basket, of_question}}
every_door = pytest.mark.parametrize(("name", "door"), DOORS.items(), ids=DOORS)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def own() -> Belongings:
    supplier = make_supplier(proof="surname")
    make_bank_details(supplier)
    make_shop(supplier)
    account = make_account(supplier)
    charge = make_charge(account, "122.50")
    owner, lite, stranger = make_user(), make_user(), make_user()
    make_access(owner, account)
    make_access(lite, account, level=AccountAccess.Level.LITE)
    make_access(stranger, make_account())
    meter = make_meter(account)
    reading = make_reading(meter, "1900", on="2026-11-20", status="questionable", author=owner)
    make_photo(reading)
    return Belongings(
        owner=owner,
        lite=lite,
        stranger=stranger,
        account=account,
        meter=meter,
        reading=reading,
        payment=make_payment(account, owner, state="paid"),
        autopay_charge=make_autopay_charge(account, owner),
        question=make_question(owner),
        charge=charge,
        certificate=make_certificate(account),
    )


def knock(door: Door, name: str, ids: list[Any], visitor: User | None, *, method: str = "") -> Any:
    client = Client()
    if visitor:
        client.force_login(visitor)
    return getattr(client, method or door.method)(reverse(f"cabinet:{name}", args=ids))


def rows() -> dict[str, int]:
    """Count what is stored, sessions apart."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.managed and "ession" not in model._meta.label
    }


def test_every_address_with_an_id_is_in_the_table() -> None:
    with_ids = {name for name, pattern in customer_routes().items() if pattern.pattern.converters}

    assert {f"cabinet:{name}" for name in DOORS} | OPEN_TO_ALL | KNOWN_BY_A_SECRET == with_ids - KEYS_OF_ONES_OWN
    assert set(customer_routes()) >= KEYS_OF_ONES_OWN


@every_door
def test_who_it_belongs_to_gets_in(name: str, door: Door, own: Belongings) -> None:
    assert knock(door, name, door.ids(own), own.owner).status_code == door.owner


@every_door
def test_for_a_stranger_it_does_not_exist(name: str, door: Door, own: Belongings) -> None:
    stored = rows()

    answers = {
        method: knock(door, name, door.ids(own), own.stranger, method=method).status_code for method in ("get", "post")
    }

    assert answers[door.method] == 404
    assert set(answers.values()) <= {404, 405}
    assert rows() == stored


@every_door
def test_who_has_not_signed_in_is_asked_to(name: str, door: Door, own: Belongings) -> None:
    path = reverse(f"cabinet:{name}", args=door.ids(own))

    for method in ("get", "post"):
        answer = knock(door, name, door.ids(own), None, method=method)
        assert (answer.status_code, answer.headers["location"]) == (302, f"{reverse('cabinet:sign_in')}?next={path}")


@every_door
def test_less_than_full_access_opens_what_it_may_and_tells_no_name_and_no_flat(
    name: str, door: Door, own: Belongings
) -> None:
    answer = knock(door, name, door.ids(own), own.lite)

    words = text_of(answer)
    assert answer.status_code == door.lite
    assert ("Здесь нужен полный доступ" in words) is (door.lite == 403)
    assert not [word for word in (own.account.surname, f"кв. {own.account.flat}") if word in words]


@pytest.mark.parametrize(("name", "door"), UNDER_A_SUPPLIER.items(), ids=UNDER_A_SUPPLIER)
def test_an_id_under_another_supplier_is_nobodys(name: str, door: Door, own: Belongings) -> None:
    _supplier_id, *rest = door.ids(own)

    answer = knock(door, name, [make_supplier().id, *rest], own.owner)

    assert answer.status_code == 404
