"""A hundred hostile files go the whole way of a register: each is refused in words, and nothing of it gets in."""

import re

import pytest

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.common.errors import Refusal
from kabinet.ledger import queries as ledger
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.tests.hostile import HOSTILE
from kabinet.registers.tests.incoming import Desk

pytestmark = pytest.mark.django_db(transaction=True)

#: There is nothing in them, or more than there may be.
NOT_TAKEN = ("nothing", "more than a register is")


def what_is_there(account):
    return Account.objects.count(), Charge.objects.count(), ledger.balance_rub(account.supplier_id, account.id)


def test_nothing_of_a_hostile_file_gets_in():
    desk = Desk()
    account = make_account(desk.supplier, number="702062012")
    before = what_is_there(account)

    for hostile in HOSTILE:
        if hostile.name in NOT_TAKEN:
            with pytest.raises(Refusal):
                desk.upload(hostile.profile.kind, hostile.bytes())
            continue
        register = desk.check(hostile.profile.kind, hostile.bytes(), hostile.profile)
        kept = RegisterLine.objects.filter(register_id=register.pk)
        if hostile.broken:
            assert register.state == Register.State.CHECKED, hostile.name
            refused = kept.filter(outcome=RegisterLine.Outcome.REFUSED)
            assert set(hostile.broken) <= set(refused.values_list("line_no", flat=True)), hostile.name
        else:
            assert register.state == Register.State.REFUSED, hostile.name
            assert re.search(hostile.words, register.problem), hostile.name
            assert not kept.exists(), hostile.name

    assert what_is_there(account) == before
