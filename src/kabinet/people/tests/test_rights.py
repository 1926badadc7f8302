"""The table of rights: who may do what."""

import pytest

from kabinet.people.rules import rights

ALONE = ("operator", "helpdesk", "manager", "accountant", "support")


@pytest.mark.parametrize(
    ("right", "holders"),
    [
        (rights.SEE_TARIFFS, {"manager", "accountant", "support"}),
        (rights.SET_TARIFFS, {"accountant"}),
        (rights.START_ACCRUAL, {"accountant"}),
        (rights.RELEASE_ACCRUAL, {"accountant"}),
        (rights.ADJUST_CHARGES, {"accountant"}),
        (rights.KEEP_ACCOUNTS, {"accountant", "support"}),
        (rights.SEE_CUSTOMERS, {"helpdesk", "manager", "accountant", "support"}),
        (rights.ANSWER_QUESTIONS, {"helpdesk", "manager", "support"}),
        (rights.SET_SUPPLIER, {"manager"}),
        (rights.SET_BANK_DETAILS, {"manager", "accountant"}),
        (rights.MANAGE_STAFF, {"operator", "manager"}),
    ],
)
def test_each_right_has_its_holders(right, holders):
    assert {role for role in ALONE if rights.may(frozenset({role}), right)} == holders


@pytest.mark.parametrize("role", ALONE)
def test_roles_of_the_installation_are_held_everywhere_and_others_at_a_supplier(role):
    assert rights.has_its_place(role, None) is (role in {"operator", "helpdesk"})
    assert rights.has_its_place(role, 7) is (role not in {"operator", "helpdesk"})


def test_whoever_has_no_role_may_nothing():
    assert not any(rights.may(frozenset(), right) for right in rights.RIGHTS)


def test_a_right_that_is_not_in_the_table_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        rights.may(frozenset({rights.ACCOUNTANT}), "tariffs.give_away")
