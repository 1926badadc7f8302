"""The table of rights: who may do what with tariffs, accrual and accounts."""

import pytest

from kabinet.people.rules import rights

ALONE = {"operator": rights.OPERATOR, "accountant": rights.ACCOUNTANT, "support": rights.SUPPORT}


@pytest.mark.parametrize(
    ("right", "holders"),
    [
        (rights.SEE_TARIFFS, {"accountant", "support"}),
        (rights.SET_TARIFFS, {"accountant"}),
        (rights.START_ACCRUAL, {"accountant"}),
        (rights.RELEASE_ACCRUAL, {"accountant"}),
        (rights.ADJUST_CHARGES, {"accountant"}),
        (rights.KEEP_ACCOUNTS, {"accountant", "support"}),
    ],
)
def test_each_right_of_billing_has_its_holders(right, holders):
    assert {name for name, role in ALONE.items() if rights.may(frozenset({role}), right)} == holders


def test_whoever_has_no_role_may_nothing():
    assert not any(rights.may(frozenset(), right) for right in rights.RIGHTS)


def test_a_right_that_is_not_in_the_table_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        rights.may(frozenset({rights.ACCOUNTANT}), "tariffs.give_away")
