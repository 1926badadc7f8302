"""Background entries of payments: what the worker runs by itself."""

import datetime as dt

import pytest
from procrastinate.contrib.django import app

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments import tasks
from kabinet.payments.models import NightCheck, ReconciliationDay, Shop
from kabinet.payments.tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(monkeypatch):
    """Set what the clock says at the door."""

    def set_to(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to


def test_a_night_is_checked_once_and_not_before_its_hour(clock, faulty_gateway):
    faulty_gateway()
    make_shop(make_account().supplier)

    clock(dt.datetime(2026, 11, 23, 0, 19, tzinfo=dt.UTC))  # 03:19 in Moscow
    tasks.check_money(timestamp=0)
    assert NightCheck.objects.count() == 0

    clock(dt.datetime(2026, 11, 23, 0, 20, tzinfo=dt.UTC))
    tasks.check_money(timestamp=0)
    clock(dt.datetime(2026, 11, 23, 1, 20, tzinfo=dt.UTC))
    tasks.check_money(timestamp=0)
    assert {check.ran_at.hour for check in NightCheck.objects.all()} == {0}


def test_keys_are_checked(clock, gateway):
    clock(NOW)
    shop = make_shop(make_account().supplier, secret="test_wrong")

    tasks.check_keys(timestamp=0)

    assert Shop.objects.get(pk=shop.pk).refused_at == NOW


def test_a_day_is_compared_after_its_register_has_come(clock, faulty_gateway):
    faulty_gateway()
    clock(NOW + dt.timedelta(days=1))
    shop = make_shop(make_account().supplier)

    tasks.reconcile(supplier_id=shop.supplier_id, shop_id=shop.id, day="2026-11-22")

    assert ReconciliationDay.objects.get().reconciled_at == NOW + dt.timedelta(days=1)


@pytest.mark.parametrize("name", ["payments.check_night", "payments.check_shops"])
def test_the_worker_runs_it_by_itself(name):
    assert name in {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
