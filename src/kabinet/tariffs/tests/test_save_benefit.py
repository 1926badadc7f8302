"""A supplier names a benefit."""

from decimal import Decimal

import pytest

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.models import Benefit
from kabinet.tariffs.operations import (
    BenefitCodeTaken,
    BenefitIsGiven,
    BenefitLimitWrong,
    BenefitShareOrSum,
    BenefitShareWrong,
    BenefitSumNotPositive,
)
from kabinet.tariffs.tests.factories import grant
from kabinet.tariffs.usecases.save_benefit import save_benefit

pytestmark = pytest.mark.django_db


def save(supplier, benefit=None, **values):
    defaults = {
        "service_id": Service.objects.get(supplier=supplier, is_main=True).id,
        "code": "veteran",
        "name": "Ветеран труда",
        "share_percent": Decimal(50),
        "limit_m3": Decimal(20),
        "is_limit_per_head": False,
        "monthly_rub": None,
        "funded_by": "Комитет по социальной защите",
        "source": "Закон области № 1",
        "now": NOW,
    }
    return save_benefit(supplier_id=supplier.id, benefit_id=benefit and benefit.id, **(defaults | values))


def test_a_share_within_a_volume_is_saved():
    supplier = make_supplier()

    benefit = save(supplier, is_limit_per_head=True)

    assert Benefit.objects.get() == benefit
    assert (benefit.share_percent, benefit.limit_m3, benefit.is_limit_per_head) == (50, 20, True)
    assert benefit.set_at == NOW
    assert Entry.objects.get().action == "benefit.added"


def test_a_sum_a_month_has_no_volume():
    benefit = save(make_supplier(), share_percent=None, limit_m3=None, monthly_rub=Decimal("150.50"))

    assert (benefit.share_percent, benefit.monthly_rub) == (None, Decimal("150.50"))


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"monthly_rub": Decimal(100)}, BenefitShareOrSum),
        ({"share_percent": None}, BenefitShareOrSum),
        ({"share_percent": Decimal(0)}, BenefitShareWrong),
        ({"share_percent": Decimal("100.01")}, BenefitShareWrong),
        ({"share_percent": None, "limit_m3": None, "monthly_rub": Decimal(0)}, BenefitSumNotPositive),
        ({"share_percent": None, "monthly_rub": Decimal(1)}, BenefitLimitWrong),
        ({"limit_m3": Decimal(0)}, BenefitLimitWrong),
    ],
)
def test_what_is_no_benefit_is_refused(values, refusal):
    with pytest.raises(refusal) as caught:
        save(make_supplier(), **values)

    assert str(caught.value).endswith(".")
    assert not Benefit.objects.exists()


def test_all_of_the_cost_is_a_share():
    assert save(make_supplier(), share_percent=Decimal(100), limit_m3=None).share_percent == 100


def test_a_code_is_of_one_benefit_of_a_supplier():
    supplier = make_supplier()
    save(supplier)

    with pytest.raises(BenefitCodeTaken):
        save(supplier)

    assert save(make_supplier()).code == "veteran"


def test_a_benefit_that_nobody_has_is_changed():
    supplier = make_supplier()
    benefit = save(supplier)

    save(supplier, benefit, share_percent=Decimal(30))

    assert Benefit.objects.get().share_percent == 30
    assert Entry.objects.filter(action="benefit.changed").count() == 1


def test_of_a_benefit_that_accounts_have_only_the_words_change():
    supplier = make_supplier()
    benefit = save(supplier)
    grant(make_account(supplier), benefit, until="2020-02-01")

    with pytest.raises(BenefitIsGiven):
        save(supplier, benefit, share_percent=Decimal(30))
    assert Benefit.objects.get().share_percent == 50

    save(supplier, benefit, name="Ветеран труда области")
    assert Benefit.objects.get().name == "Ветеран труда области"


def test_a_benefit_that_accounts_have_keeps_the_code_that_charged_lines_know_it_by():
    supplier = make_supplier()
    benefit = save(supplier)
    save(supplier, benefit, code="labour-veteran")
    grant(make_account(supplier), benefit)

    with pytest.raises(BenefitIsGiven):
        save(supplier, benefit, code="veteran")

    assert Benefit.objects.get().code == "labour-veteran"


def test_a_strangers_benefit_is_not_there():
    supplier = make_supplier()
    with pytest.raises(NotFound):
        save(supplier, save(make_supplier()))

    assert not Benefit.objects.filter(supplier=supplier).exists()
