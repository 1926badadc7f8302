"""Comparing a day of a shop: our ledger, the gateway's list, the gateway's register."""

import dataclasses
import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from kabinet.payments.rules import reconciliation
from kabinet.payments.rules.reconciliation import Ours, Theirs, compare

DAY = dt.date(2026, 11, 20)
NEXT = dt.date(2026, 11, 21)
PUBLIC_ID = UUID(int=42)

OURS = Ours(
    kind="payment",
    id=1,
    object_id="remote-1",
    public_id=PUBLIC_ID,
    amount_rub=Decimal("1000.00"),
    moved_on=DAY,
)
THEIRS = Theirs(
    kind="payment",
    object_id="remote-1",
    payment_object_id="remote-1",
    public_id=PUBLIC_ID,
    amount_rub=Decimal("1000.00"),
    income_rub=Decimal("965.00"),
    moved_on=DAY,
    filed_on=DAY,
)


def ours(**values):
    return dataclasses.replace(OURS, **values)


def theirs(amount="1000.00", income="965.00", **values):
    return dataclasses.replace(
        THEIRS, amount_rub=Decimal(amount), income_rub=None if income is None else Decimal(income), **values
    )


SUSPENDED = {"moved_on": None, "is_suspended": True}
OTHER_ID = UUID(int=7)

CASES = {
    "both sources say the same": ([ours()], [theirs()], [theirs()], []),
    "the register has not come yet": ([ours()], [theirs()], None, []),
    "this gateway has no list": ([ours()], None, [theirs()], []),
    "nothing has been heard of the day": ([ours()], None, None, []),
    "a day without payments": ([], [], [], []),
    "nobody but us knows it": ([ours()], [], [], ["only_ours"]),
    "the list alone does not know it": ([ours()], [], None, ["only_ours"]),
    "the register alone does not know it": ([ours()], None, [], ["only_ours"]),
    "a line is missing in the register": ([ours()], [theirs()], [], ["one_source"]),
    "a line is missing in the list": ([ours()], [], [theirs()], ["one_source"]),
    "a line stands twice in the register": ([ours()], [theirs()], [theirs(), theirs()], ["doubled"]),
    "the list repeats a line on its next page": ([ours()], [theirs(), theirs()], [theirs()], []),
    "the register has another sum": ([ours()], [theirs()], [theirs("900.00")], ["amount"]),
    "the list has another sum": ([ours()], [theirs("900.00")], [theirs()], ["amount"]),
    "a kopeck is another sum": ([ours()], [theirs()], [theirs("999.99")], ["amount"]),
    "the register keeps another fee": ([ours()], [theirs()], [theirs(income="964.99")], ["fee"]),
    "only the register says the fee": ([ours()], [theirs(income=None)], [theirs()], []),
    "the register puts it on the next day": ([ours()], [theirs()], [theirs(moved_on=NEXT)], ["other_day"]),
    "without a list, the register puts it on the next day": ([ours()], None, [theirs(moved_on=NEXT)], ["other_day"]),
    "it stands in the next day's register": ([ours()], [theirs()], [theirs(filed_on=NEXT)], ["other_day"]),
    "without a list, it stands in the next day's register": ([ours()], None, [theirs(filed_on=NEXT)], ["other_day"]),
    "a known line of another day stands in the day's register": (
        [ours(moved_on=NEXT)],
        [],
        [theirs(moved_on=NEXT)],
        ["other_day"],
    ),
    "the next day's register has it as of the next day": (
        [ours()],
        None,
        [theirs(filed_on=NEXT, moved_on=NEXT)],
        ["other_day"],
    ),
    "the day's register has a line of the next day": ([], [], [theirs(moved_on=NEXT)], ["other_day"]),
    "yesterday's register had a line of this day, ours was yesterday": (
        [ours(moved_on=NEXT)],
        [],
        [theirs(filed_on=NEXT)],
        [],
    ),
    "we have it on another day": ([ours(moved_on=NEXT)], [theirs()], [theirs()], ["other_day"]),
    "we have it on another day, and so has the register": (
        [ours(moved_on=NEXT)],
        [theirs()],
        [theirs(moved_on=NEXT)],
        ["other_day"],
    ),
    "it is ours, and we had not heard that it is paid": ([ours(moved_on=None)], [theirs()], None, ["theirs_ours"]),
    "it is ours, and we have not even heard its number": (
        [ours(moved_on=None, object_id="")],
        [theirs()],
        [theirs()],
        ["theirs_ours"],
    ),
    "it names a payment that we have lost": ([], [theirs()], [theirs()], ["theirs_ours"]),
    "it names nothing of ours": ([], [theirs(public_id=None)], [theirs(public_id=None)], ["theirs_foreign"]),
    "its number of ours belongs to another of their objects": (
        [ours(), ours(id=2, object_id="remote-2", public_id=OTHER_ID)],
        [theirs(), theirs(object_id="remote-2", public_id=OTHER_ID), theirs(object_id="remote-3")],
        None,
        ["theirs_ours"],
    ),
    "its money waits in suspense": ([ours(**SUSPENDED)], [theirs()], [theirs()], ["theirs_foreign"]),
    "its money waits in suspense because the sum differs": (
        [ours(**SUSPENDED)],
        [theirs("900.00")],
        [theirs("900.00")],
        ["amount"],
    ),
    "a foreign line stands twice": (
        [],
        None,
        [theirs(public_id=None), theirs(public_id=None)],
        ["doubled", "theirs_foreign"],
    ),
    "a refund is known": ([ours(kind="refund")], [theirs(kind="refund")], [theirs(kind="refund")], []),
    "a refund was never asked for": ([], [theirs(kind="refund")], None, ["refund_unasked"]),
    "a refund by hand has been written down": (
        [ours(kind="refund", is_unasked=True)],
        [theirs(kind="refund")],
        None,
        ["refund_unasked"],
    ),
    "a refund that we wait for is done": (
        [ours(kind="refund", moved_on=None)],
        [theirs(kind="refund")],
        None,
        ["theirs_ours"],
    ),
    "a refund of ours did not take place": ([ours(kind="refund")], [], None, ["only_ours"]),
    "a bank took a payment back": ([], None, [theirs(kind="chargeback")], ["chargeback"]),
    "a chargeback has been written down": ([ours(kind="chargeback")], None, [theirs(kind="chargeback")], []),
}


@pytest.mark.parametrize("case", CASES)
def test_each_object_lands_in_its_class(case):
    ours_of_day, listed, registered, findings = CASES[case]

    comparison = compare(DAY, ours=ours_of_day, listed=listed, registered=registered)

    assert [found.finding for found in comparison.found] == findings


def test_every_class_has_a_case():
    assert {finding for *_, findings in CASES.values() for finding in findings} == set(reconciliation.FINDINGS)


def test_a_day_is_told_by_its_counts_and_sums():
    paid = [("a", "1000.00", "965.00"), ("b", "500.50", "482.98"), ("c", "1.00", "1.00")]
    rows = [ours(object_id=name, amount_rub=Decimal(amount)) for name, amount, _ in paid]
    lines = [theirs(amount, income, object_id=name) for name, amount, income in paid]
    back = theirs("400.00", None, object_id="r", kind="refund")

    comparison = compare(
        DAY,
        ours=[*rows[:2], ours(object_id="r", kind="refund", amount_rub=Decimal("400.00"))],
        listed=[*lines, back],
        registered=[*lines, back],
    )

    assert comparison.equal_count == 3
    assert comparison.equal_rub == Decimal("1100.50")  # 1000.00 + 500.50 − 400.00
    assert comparison.fee_rub == Decimal("52.52")  # 35.00 + 17.52 + 0.00: the fee of what is not equal is kept as well
    assert [found.subject for found in comparison.found] == ["c"]


def test_the_fee_is_not_known_before_the_gateway_says_it():
    comparison = compare(DAY, ours=[ours()], listed=[theirs(income=None)], registered=None)

    assert comparison.fee_rub is None


def test_each_side_of_a_difference_is_shown():
    [amount] = compare(DAY, ours=[ours()], listed=[theirs()], registered=[theirs("900.00")]).found
    [doubled] = compare(DAY, ours=[ours()], listed=None, registered=[theirs(), theirs()]).found
    [fee] = compare(DAY, ours=[ours()], listed=[theirs()], registered=[theirs(income="960.00")]).found
    [missing] = compare(DAY, ours=[ours()], listed=[], registered=None).found

    assert (amount.ours_rub, amount.theirs_rub) == (Decimal("1000.00"), Decimal("900.00"))
    assert (doubled.ours_rub, doubled.theirs_rub) == (Decimal("1000.00"), Decimal("2000.00"))
    assert (fee.ours_rub, fee.theirs_rub) == (Decimal("35.00"), Decimal("40.00"))
    assert (missing.ours_rub, missing.theirs_rub) == (Decimal("1000.00"), None)


def test_a_payment_without_a_number_of_theirs_is_named_by_ours():
    row = ours(object_id="", public_id=PUBLIC_ID)

    [found] = compare(DAY, ours=[row], listed=[], registered=None).found

    assert found.subject == str(PUBLIC_ID)
