"""A walk through the whole portal: each named address, by everybody who has no business there.

What belongs to one supplier and its customer is asked for by people of another: customers, staff in each role, and
nobody in particular. Nobody gets it, and nothing is written. An address that no table knows fails the walk.
"""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.payments.tests.factories import make_shop
from kabinet.people.models import User
from kabinet.people.rules import rights
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from tests.journeys import test_office_strangers as office
from tests.journeys import test_strangers as cabinet
from tests.routes import NOT_FOR_CUSTOMERS, all_routes

pytestmark = pytest.mark.django_db

OF_A_SUPPLIER = ("manager", "accountant", "support")
OF_INSTALLATION = tuple(sorted(rights.OF_INSTALLATION))
CUSTOMERS = ("customer", "customer with lite access")
REFUSED = {403, 404, 405}

in_november = office.in_november
no_gateway = office.no_gateway
office_own = office.own
cabinet_own = cabinet.own


@pytest.fixture
def elsewhere() -> Supplier:
    return make_supplier()


def visitor(kind: str, supplier: Supplier) -> User | None:
    """Make somebody who has to do with that supplier alone; "nobody" has not signed in."""
    if kind == "nobody":
        return None
    if kind in CUSTOMERS:
        user = make_user()
        level = AccountAccess.Level.FULL if kind == "customer" else AccountAccess.Level.LITE
        make_access(user, make_account(supplier), level=level)
        return user
    return make_member(kind, None if kind in OF_INSTALLATION else supplier)


def answers(path: str, who: User | None) -> dict[str, HttpResponse]:
    client = Client()
    if who:
        client.force_login(who)
    return {method: getattr(client, method)(path) for method in ("get", "post")}


def without_ids(name: str) -> bool:
    return not all_routes()[name].pattern.converters


def test_every_named_address_is_known_to_the_walk() -> None:
    known = {f"office:{name}" for name in office.DOORS} | {f"cabinet:{name}" for name in cabinet.DOORS}
    known |= cabinet.OPEN_TO_ALL | cabinet.KNOWN_BY_A_SECRET | cabinet.KEYS_OF_ONES_OWN | {"hooks:ring"}
    with_ids = {name for name in all_routes() if not without_ids(name) and not name.startswith("admin:")}

    assert with_ids - known == set()
    assert known - set(all_routes()) == set()


def test_addresses_outside_the_cabinet_are_named_one_by_one() -> None:
    sites = {name.partition(":")[0] for name in all_routes() if ":" in name}

    assert sites == {"cabinet", "demo", "ui"} | NOT_FOR_CUSTOMERS


def refused(kind: str, got: dict[str, HttpResponse], asked_by: str) -> bool:
    """Tell whether an address gave nothing: who has not signed in is led to the door, others find nothing."""
    if kind == "nobody":
        to_the_door = {"302 " + reverse("cabinet:sign_in"), "405 "}
        return {f"{answer.status_code} {answer.get('location', '').partition('?')[0]}" for answer in got.values()} <= (
            to_the_door
        )
    return got[asked_by].status_code in {403, 404} and {answer.status_code for answer in got.values()} <= REFUSED


def walk(site: str, doors: dict[str, Any], own: Any, kind: str, who: User | None) -> dict[str, list[int]]:
    """Knock at every door with an id of what is another's; give those that were opened."""
    opened = {}
    for name, door in doors.items():
        got = answers(reverse(f"{site}:{name}", args=door.ids(own)), who)
        if not refused(kind, got, door.method):
            opened[name] = [answer.status_code for answer in got.values()]
    return opened


@pytest.mark.parametrize("kind", [*OF_A_SUPPLIER, *CUSTOMERS, "nobody"])
def test_the_office_of_another_supplier_is_closed(kind: str, office_own: office.Matters, elsewhere: Supplier) -> None:
    who = visitor(kind, elsewhere)
    stored = office.rows()

    assert walk("office", office.WITH_IDS, office_own, kind, who) == {}
    assert office.rows() == stored


@pytest.mark.parametrize("kind", [*OF_A_SUPPLIER, *OF_INSTALLATION, *CUSTOMERS, "nobody"])
def test_the_cabinet_of_another_person_is_closed(
    kind: str, cabinet_own: cabinet.Belongings, elsewhere: Supplier
) -> None:
    """Staff too: what they may see of a customer they see in the office, where it is noted."""
    who = visitor(kind, elsewhere)
    stored = cabinet.rows()

    assert walk("cabinet", cabinet.DOORS, cabinet_own, kind, who) == {}
    assert cabinet.rows() == stored


def test_a_gateway_of_another_supplier_rings_in_vain(elsewhere: Supplier) -> None:
    ours, theirs = make_shop(make_supplier()), make_shop(elsewhere)
    stored = cabinet.rows()

    for gateway, shop, secret in (
        (theirs.gateway, theirs, ours.hook_secret),
        (theirs.gateway, ours, theirs.hook_secret),
        ("no-such-gateway", theirs, theirs.hook_secret),
    ):
        path = reverse("hooks:ring", args=[gateway, shop.pk, secret])
        assert Client().post(path, b"{}", content_type="application/json").status_code in REFUSED

    assert cabinet.rows() == stored


@pytest.mark.parametrize("kind", [*OF_A_SUPPLIER, *OF_INSTALLATION, "customer"])
def test_the_admin_site_is_for_superusers(kind: str, elsewhere: Supplier) -> None:
    """It stands outside the wall: no role of staff opens it."""
    names = [name for name in all_routes() if name == "admin:index" or name.endswith("_changelist")]
    client = Client()
    client.force_login(visitor(kind, elsewhere))

    assert len(names) > 5
    assert {client.get(reverse(name)).status_code for name in names} <= {302, 403, 404}
