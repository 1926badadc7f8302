"""`python -m demo prepare`: what the supervisor gets, and where there is to be no demonstration."""

import json

import pytest
from django.test import override_settings

from demo import prepare
from demo.people import PEOPLE, STAFF, STORY_ACCOUNTS
from kabinet.accounts.models import Account
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def prepared(accounts=50):
    said = []
    return prepare.prepare(accounts=accounts, say=said.append), said


def test_the_world_is_built_once_and_described_each_time():
    first, _said = prepared()
    again, said = prepared()

    assert again == first
    assert said == []
    assert Account.objects.count() == 50


def test_another_size_is_said_and_the_world_stays():
    prepared()

    _described, said = prepared(accounts=60)

    assert said == ["The world is there already, with 50 accounts; for another size begin with an empty folder."]
    assert Account.objects.count() == 50


def test_a_world_that_broke_off_is_refused_by_the_name_of_its_folder(settings):
    prepared()
    Account.objects.filter(number=STORY_ACCOUNTS[-1].number).update(number="700000000")

    with pytest.raises(prepare.Refused, match=f"Delete the folder {settings.DATA_DIR} "):
        prepared()


@override_settings(PUBLIC_URL="http://127.0.0.1:8000")
def test_the_description_names_people_and_shops():
    described, _said = prepared()

    greeting = described["greeting"]
    for person in (*PEOPLE, *STAFF):
        assert person.email in greeting
        assert person.password in greeting
    assert "http://127.0.0.1:8000/demo/mailbox/" in greeting
    arguments = described["sandbox"]
    assert arguments[0:2] == ["--shop", "100500:test_sandbox:Газпром межрегионгаз Санкт-Петербург"]
    assert arguments[2] == "--notify"
    assert arguments[3].startswith("100500=http://127.0.0.1:8000/hooks/yookassa/")
    assert arguments.count("--shop") == 10
    assert arguments[arguments.index("--callback-key") + 1] == "100509=test_callbacks"
    assert json.loads(json.dumps(described)) == described


@pytest.mark.parametrize("accounts", [0, 49, 1_000_001])
def test_a_size_that_makes_no_world_is_refused(accounts):
    with pytest.raises(prepare.Refused):
        prepared(accounts=accounts)


def test_a_database_of_real_suppliers_is_refused():
    make_supplier()

    with pytest.raises(prepare.Refused):
        prepared()

    assert Supplier.objects.count() == 1


@override_settings(DEMO=False)
def test_where_the_demonstration_is_off_nothing_is_built():
    with pytest.raises(prepare.Refused):
        prepared()

    assert not Supplier.objects.exists()
