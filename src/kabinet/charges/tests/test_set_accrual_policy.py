"""A supplier chooses how it charges from a month on."""

from decimal import Decimal
from typing import Any

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualPolicy, AccrualRun
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.set_accrual_policy import (
    AccrualUnderWay,
    NoMonthsToAverage,
    NoSilentMonths,
    PolicyOfChargedMonth,
    RatioNotAboveOne,
    set_accrual_policy,
)
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.tests.factories import make_accountant, make_support

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def choose(supplier: Supplier, **chosen: Any) -> AccrualPolicy:
    usual = {
        "from_month": NOVEMBER,
        "price_split": "by_days",
        "recalculate_norm_months": "never",
        "average_of_months": 12,
        "average_at_most_months": 3,
        "removed_at_most_months": 3,
        "odd_ratio": Decimal(10),
        "silent_months": 12,
        "charges_penalties": True,
        "penalty_recheck_months": 6,
        "actor": None,
        "now": at("2026-11-10 12:00"),
    }
    return set_accrual_policy(supplier_id=supplier.id, **(usual | chosen))


def test_a_policy_holds_from_its_month_and_the_one_before_it_until_then() -> None:
    earlier = make_accrual_policy(make_supplier(), since="2020-01")

    chosen = choose(earlier.supplier, average_of_months=6)

    assert list(AccrualPolicy.objects.order_by("from_month")) == [earlier, chosen]
    assert chosen.average_of_months == 6


def test_the_choices_of_a_month_are_replaced() -> None:
    supplier = make_supplier()

    first, again = choose(supplier), choose(supplier, odd_ratio=Decimal(5))

    assert again.id == first.id
    assert AccrualPolicy.objects.get().odd_ratio == Decimal(5)


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ({"average_of_months": 0}, NoMonthsToAverage),
        ({"odd_ratio": Decimal(1)}, RatioNotAboveOne),
        ({"silent_months": 0}, NoSilentMonths),
    ],
    ids=str,
)
def test_what_cannot_be_counted_by_is_refused(chosen: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        choose(make_supplier(), **chosen)

    assert not AccrualPolicy.objects.exists()


def test_the_least_that_can_be_counted_by_is_taken() -> None:
    policy = choose(make_supplier(), average_of_months=1, odd_ratio=Decimal("1.01"), silent_months=1)

    assert policy.odd_ratio == Decimal("1.01")


def test_a_charged_month_keeps_the_policy_it_was_charged_by() -> None:
    policy = make_accrual_policy(make_supplier(), since="2020-01")
    make_charge(make_account(policy.supplier), "100.00", period="2026-10")

    with pytest.raises(PolicyOfChargedMonth, match="За октябрь\u00a02026 уже начислено"):
        choose(policy.supplier, from_month=OCTOBER)
    choose(policy.supplier, from_month=NOVEMBER)

    assert AccrualPolicy.objects.count() == 2


def test_a_supplier_without_any_policy_may_begin_before_what_is_charged() -> None:
    supplier = make_supplier()
    make_charge(make_account(supplier), "100.00", period="2026-10")

    choose(supplier, from_month=Month(2020, 1))

    assert AccrualPolicy.objects.get().from_month == Month(2020, 1)


def test_a_month_that_is_being_accrued_waits_for_its_run() -> None:
    policy = make_accrual_policy(make_supplier())
    AccrualRun.objects.create(supplier=policy.supplier, period=OCTOBER, asked_at=NOW, state="ready")

    with pytest.raises(AccrualUnderWay, match="начисление за октябрь\u00a02026"):
        choose(policy.supplier, from_month=OCTOBER)
    choose(policy.supplier, from_month=NOVEMBER)

    assert AccrualPolicy.objects.count() == 2


def test_only_who_sets_tariffs_chooses() -> None:
    supplier = make_supplier()

    choose(supplier, actor=make_accountant(supplier))
    with pytest.raises(NotAllowed):
        choose(supplier, actor=make_support(supplier))
    with pytest.raises(NotFound):
        choose(supplier, actor=make_accountant(make_supplier()))
