"""A month beside others, what the next may come to, and what a later reading says of an estimate."""

from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.charges import queries
from kabinet.charges.models import AccrualPolicy
from kabinet.charges.tests.factories import make_charge
from kabinet.common.month import Month
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.tariffs.tests.factories import make_tariff

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)


@pytest.fixture
def account():
    return make_account()


def metered(account, volume, price, *, period="2026-10", **values):
    amount = (Decimal(volume) * Decimal(price)).quantize(Decimal("0.01"))
    facts = {"kind": "metered", "volume_m3": Decimal(volume), "price_rub_per_m3": Decimal(price)}
    return make_charge(account, str(amount), period=period, **(facts | values))


def compared(account):
    return queries.comparisons(account.supplier_id, account.id, OCTOBER)


def causes(comparison):
    return [(cause.name.replace("\xa0", " "), cause.amount_rub) for cause in comparison.causes]


def test_a_difference_is_split_into_volume_and_price_and_adds_up(account):
    metered(account, "100", "8.000", period="2026-09")
    metered(account, "150", "9.500")

    [comparison] = compared(account)

    assert comparison.difference_rub == Decimal("625.00")
    assert causes(comparison) == [
        ("Расход: 150 м³ вместо 100 м³", Decimal("400.00")),
        ("Цена: 9,5 вместо 8 ₽/м³", Decimal("225.00")),
    ]


def test_other_lines_are_causes_of_their_own(account):
    metered(account, "100", "8", period="2026-09")
    make_charge(account, "50", period="2026-09", kind="fixed")
    metered(account, "100", "8")
    make_charge(account, "60", kind="fixed")
    make_charge(account, "137.02", kind="penalty")

    [comparison] = compared(account)

    assert causes(comparison) == [("По договору", Decimal("10.00")), ("Пени", Decimal("137.02"))]
    assert sum(cause.amount_rub for cause in comparison.causes) == comparison.difference_rub


def test_another_way_of_counting_and_other_people_are_named_without_a_sum(account):
    people = {"components": [{"unit": "person", "count": "2"}]}
    metered(account, "100", "8", period="2026-09", kind="norm", inputs=people)
    people = {"components": [{"unit": "person", "count": "3"}]}
    metered(account, "150", "8", kind="norm", inputs=people)
    metered(account, "50", "8", period="2025-10")

    month_ago, year_ago = compared(account)

    assert causes(month_ago)[-1] == ("Проживающих в нормативе: 3, а тогда 2", None)
    assert causes(year_ago)[-1] == ("Как найден расход: по нормативу, а тогда по счётчику", None)
    assert (month_ago.is_year_ago, year_ago.is_year_ago) == (False, True)


def test_a_supplier_that_tells_no_volume_still_has_its_difference(account):
    make_charge(account, "300", period="2026-09")
    make_charge(account, "400")

    [comparison] = compared(account)

    assert causes(comparison) == [("Начислено за расход: 400,00 ₽ вместо 300,00 ₽", Decimal("100.00"))]


def test_a_month_of_a_correction_alone_is_compared_by_its_sums(account):
    metered(account, "10", "10", period="2026-09")
    make_charge(account, "-31.45", kind="correction", volume_m3=Decimal("-7.187"))

    [comparison] = compared(account)

    assert causes(comparison) == [
        ("Начислено за расход: 0,00 ₽ вместо 100,00 ₽", Decimal("-100.00")),
        ("Перерасчёт", Decimal("-31.45")),
    ]


def test_months_that_were_not_charged_are_not_compared(account):
    assert compared(account) == []
    make_charge(account, "400")
    assert compared(account) == []


def test_the_balance_that_an_account_came_with_is_no_charge_to_compare_with(account):
    make_charge(account, "500", period="2026-09", kind="opening")
    metered(account, "30", "9.97")

    assert compared(account) == []

    metered(account, "20", "9.97", period="2026-09")

    [comparison] = compared(account)
    assert comparison.difference_rub == Decimal("99.70")


def test_the_same_sum_has_no_causes(account):
    metered(account, "100", "8", period="2026-09")
    metered(account, "100", "8")

    [comparison] = compared(account)

    assert (comparison.difference_rub, comparison.causes) == (Decimal("0.00"), [])
    assert not comparison.is_more
    assert not comparison.is_less


def test_it_is_one_query(account, django_assert_num_queries):
    for period in ("2026-10", "2026-09", "2025-10"):
        metered(account, "100", "8", period=period)

    with django_assert_num_queries(1):
        [comparison.causes for comparison in compared(account)]


# The next sum


def test_the_next_sum_is_last_years_volume_at_the_prices_of_its_days(account):
    make_tariff(account.supplier, price="4.37507")
    meter = make_meter(account, value="1000", on="2025-10-25")
    make_reading(meter, "1028", on="2025-11-25")
    make_charge(account, "120", kind="fixed")

    forecast = queries.forecast(account.supplier_id, account.id, Month(2026, 11))

    assert (forecast.volume_m3, forecast.from_period) == (Decimal(28), Month(2025, 11))
    assert (forecast.price_rub_per_m3, forecast.fees_rub) == (Decimal("4.37507"), Decimal(120))
    assert forecast.amount_rub == Decimal("242.50")


def test_the_forecast_by_a_month_without_a_reading_takes_its_share_of_the_days(account):
    make_tariff(account.supplier, "10.00000", since="2025-01-01")
    meter = make_meter(account, value="1000", on="2025-09-30")
    make_reading(meter, "1310", on="2025-12-31")

    forecast = queries.forecast(account.supplier_id, account.id, Month(2026, 11))

    assert forecast.volume_m3 == Decimal(101)


def test_without_last_year_or_without_a_price_nothing_is_foretold(account):
    assert queries.forecast(account.supplier_id, account.id, Month(2026, 11)) is None
    meter = make_meter(account, value="1000", on="2025-10-25")
    make_reading(meter, "1028", on="2025-11-25")
    assert queries.forecast(account.supplier_id, account.id, Month(2026, 11)) is None


# Estimates and the readings that came later


def correction(account, charge, *, due, charged, period="2026-11"):
    inputs = {"reading": {}, "charged": [{"charge_id": str(charge.id)}]}
    inputs |= {"due_m3": due[0], "due_rub": due[1], "charged_m3": charged[0], "charged_rub": charged[1]}
    return make_charge(account, "1", period=period, kind="correction", inputs=inputs)


def test_a_later_reading_is_told_with_all_the_lines_of_its_correction(account):
    charge = metered(account, "145", "8", kind="average")
    correction(account, charge, due=("50", "400,00"), charged=("72,5", "580,00"))
    correction(account, charge, due=("40", "380,00"), charged=("72,5", "580,00"))
    other = metered(account, "10", "8", kind="average")

    told = queries.later_readings(account.supplier_id, account.id, [charge.id, other.id])

    assert list(told) == [charge.id]
    later = told[charge.id]
    assert (later.period, later.used_m3, later.charged_m3) == (Month(2026, 11), Decimal(90), Decimal(145))
    assert later.difference_rub == Decimal("-380.00")


def test_the_months_by_the_mean_are_those_of_the_policy_in_force(account):
    assert queries.months_by_mean(account.supplier_id, OCTOBER) is None
    policy = {"price_split": "by_days", "recalculate_norm_months": "by_operator", "average_of_months": 12}
    policy |= {"removed_at_most_months": 3, "odd_ratio": Decimal(10), "silent_months": 12, "penalty_recheck_months": 6}
    for month, at_most in (("2026-01", 3), ("2026-10", 2), ("2026-11", 1)):
        AccrualPolicy.objects.create(
            supplier=account.supplier, from_month=Month.parse(month), average_at_most_months=at_most, **policy
        )

    assert queries.months_by_mean(account.supplier_id, OCTOBER) == 2
