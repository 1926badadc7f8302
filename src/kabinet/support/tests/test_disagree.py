"""A customer does not agree with a charge: the question goes with what it is about."""

import contextlib
import datetime as dt
import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from kabinet.accounts.queries import FullAccessRequired
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.tests.factories import make_user
from kabinet.support import queries
from kabinet.support.models import Question
from kabinet.support.queries.disputes import OPEN_FOR
from kabinet.support.usecases.ask_question import AlreadyAsked, ask_question

pytestmark = pytest.mark.django_db

OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)
METERED = {
    "kind": Charge.Kind.METERED,
    "volume_m3": Decimal(28),
    "price_rub_per_m3": Decimal("4.37507"),
    "formula": "28 м³ × 4,37507 ₽/м³ = 122,50 ₽",
    "inputs": {"meter": "0482117", "previous_on": "2026-09-25", "previous_m3": "1234", "taken_on": "2026-10-25"}
    | {"current_m3": "1262", "volume_m3": "28", "price": "4,37507"},
    "rule_source": "Правила поставки газа",
}


def disagree(user, account, *, charge=None, period=OCTOBER, text="Столько не сжечь.", request_id=None, now=NOW):
    return ask_question(
        subject="Не согласен",
        text=text,
        account=(account.supplier_id, account.id),
        about=(period, charge and charge.id),
        request_id=request_id or uuid4(),
        actor=user,
        now=now,
    )


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def account(user):
    account = make_account(number="702062012")
    make_access(user, account)
    return account


def test_the_line_is_kept_with_the_question_as_it_was(user, account):
    charge = make_charge(account, "122.50", **METERED)
    make_charge(account, "10")

    question = disagree(user, account, charge=charge)

    dispute = queries.question(question.id, visible_to=user).dispute
    assert (dispute.period, dispute.charge_id, dispute.amount_rub) == (OCTOBER, charge.id, Decimal("122.50"))
    [line] = dispute.lines
    assert (line.service_name, line.rule_source) == ("Газ", "Правила поставки газа")
    assert line.explanation.formula.replace("\xa0", " ") == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"
    assert "1 262" in line.explanation.sentence.replace("\xa0", " ")


def test_a_whole_month_is_kept_with_all_its_lines(user, account):
    make_charge(account, "122.50", **METERED)
    make_charge(account, "120")
    make_charge(account, "77", period="2026-09")

    question = disagree(user, account)

    dispute = queries.question(question.id, visible_to=user).dispute
    assert dispute.is_whole_month
    assert [line.amount_rub for line in dispute.lines] == [Decimal("122.50"), Decimal(120)]
    assert dispute.amount_rub == Decimal("242.50")


def test_what_is_kept_is_read_back_as_it_was(user, account):
    charge = make_charge(
        account, "5", for_period=SEPTEMBER, used_since=dt.date(2026, 9, 1), used_until=dt.date(2026, 10, 1)
    )

    question = disagree(user, account, charge=charge)

    [kept] = queries.question(question.id, visible_to=user).dispute.facts
    live = queries.disputed(account.supplier_id, account.id, OCTOBER, charge_id=charge.id, visible_to=user)
    assert (kept,) == live.facts


def test_the_same_line_again_points_at_the_question_that_is_open(user, account):
    charge = make_charge(account, "122.50")
    question = disagree(user, account, charge=charge)

    with pytest.raises(AlreadyAsked, match=f"№ {question.id}"):
        disagree(user, account, charge=charge, now=NOW + OPEN_FOR - dt.timedelta(seconds=1))

    assert Question.objects.count() == 1


def test_once_it_is_old_the_same_line_may_be_asked_about_again(user, account):
    charge = make_charge(account, "122.50")
    disagree(user, account, charge=charge)

    disagree(user, account, charge=charge, now=NOW + OPEN_FOR)

    assert Question.objects.count() == 2


def test_another_line_the_whole_month_and_another_holder_are_questions_of_their_own(user, account):
    first, second = make_charge(account, "122.50"), make_charge(account, "10")
    other = make_user()
    make_access(other, account)

    for asked_by, charge in ((user, first), (user, second), (user, None), (other, first)):
        disagree(asked_by, account, charge=charge)

    assert Question.objects.count() == 4


def test_the_same_form_twice_is_one_question(user, account):
    charge, request_id = make_charge(account, "122.50"), uuid4()

    first = disagree(user, account, charge=charge, request_id=request_id)

    assert disagree(user, account, charge=charge, request_id=request_id) == first


def test_charges_that_are_not_there_or_not_ones_own_cannot_be_disputed(user, account):
    stranger, foreign = make_user(), make_charge(make_account(), "5")
    make_charge(account, "122.50")

    with pytest.raises(NotFound):
        disagree(user, account, period=SEPTEMBER)
    with pytest.raises(NotFound):
        disagree(user, account, charge=foreign)
    with pytest.raises(NotFound):
        disagree(stranger, account)

    assert not Question.objects.exists()


def test_less_than_full_access_sees_no_charges_to_disagree_with(account):
    lite = make_user()
    make_access(lite, account, "lite")
    make_charge(account, "122.50")

    with pytest.raises(FullAccessRequired):
        disagree(lite, account)

    assert not Question.objects.exists()


def test_the_attachment_speaks_the_readers_language(user, account):
    question = disagree(user, account, charge=make_charge(account, "122.50", **METERED))

    with translation.override("en"):
        [line] = queries.question(question.id, visible_to=user).dispute.lines

    assert "4.37507" in line.explanation.formula


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_question(user, account):
    charge = make_charge(account, "122.50")
    barrier = threading.Barrier(2)

    def press():
        barrier.wait(timeout=10)
        with contextlib.suppress(AlreadyAsked):
            disagree(user, account, charge=charge)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert Question.objects.count() == 1
