"""How large worlds are shared out."""

import pytest

from demo import world
from demo.suppliers import SUPPLIERS


@pytest.mark.parametrize("accounts", [50, 2_000, 2_001, 1_000_000])
def test_accounts_are_shared_out_without_a_rest(accounts):
    assert sum(world.counts(accounts)) == accounts
    assert min(world.counts(accounts)) >= 4


def test_the_supplier_of_the_notice_has_the_most():
    assert SUPPLIERS[0].code == "gmr-spb"
    assert max(world.counts(2_000)) == world.counts(2_000)[0] == 560


@pytest.mark.parametrize(
    ("accounts", "months"), [(2_000, 36), (20_000, 36), (20_001, 13), (200_000, 13), (200_001, 4), (1_000_000, 4)]
)
def test_the_more_accounts_the_shorter_the_history_of_those_beyond_the_first(accounts, months):
    assert world.later_months(accounts) == months
