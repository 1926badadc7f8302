"""What the checks of a night have found is said in words that staff understand."""

import inspect
import re

import pytest

from kabinet.charges.queries import differences as of_charges
from kabinet.ledger.queries import differences as of_books
from kabinet.payments.queries import differences as of_payments
from kabinet.payments.queries.night_words import KINDS, WORDS, finding_words, subject_words, what_words

SUPPLIERS = {7: "Межрегионгаз Калуга"}
OF_LEDGER = {"supplier": 7, "subject": "payment:12", "stored_rub": "1234.50", "computed_rub": None}
OF_DAY = {"supplier": 7, "shop": "100500", "day": "2026-11-22"}


def sources(*checks: object) -> str:
    return "".join(inspect.getsource(inspect.getmodule(check)) for check in checks)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("not checked", "не спросили вовремя"),
        ("balance", "остаток не равен сумме проводок"),
        ("payment", "проводки не равны документу"),
        ("payment_suspense", "проводки не равны невыясненной части"),
        ("payout on bank", "на «банк» проведено не столько, сколько в документе"),
        ("refund on another shop's clearing", "проводки по другому магазину"),
        ("found on another day", "found on another day"),
    ],
)
def test_what_is_wrong_is_said_in_words_and_a_name_without_words_as_it_is(what, words):
    assert what_words(what) == words


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("payment:12", "платёж 12"),
        ("day:3:2026-11-20", "день 20.11.2026"),
        ("suspended_sum:100500:30c61a2b", "невыясненная сумма 100500:30c61a2b"),
        ("comet:1", "comet 1"),
    ],
)
def test_a_thing_is_named_with_its_number(subject, words):
    assert subject_words(subject) == words


@pytest.mark.parametrize(
    ("check", "found", "words"),
    [
        (
            "check_ledger",
            {**OF_LEDGER, "what": "shares"},
            (
                "Межрегионгаз Калуга: платёж 12 — платёж не равен сумме своих частей;"
                " записано: 1\u00a0234,50\u00a0₽, по расчёту: нет"
            ),
        ),
        (
            "reconcile",
            {
                **OF_DAY,
                "what": "only_ours",
                "kind": "payment",
                "subject": "30c61a2b",
                "ours_rub": "-1.00",
                "theirs_rub": None,
            },
            (
                "Межрегионгаз Калуга: магазин 100500 за 22.11.2026, платёж 30c61a2b — есть у нас, у них нет;"
                " у нас: −1,00\u00a0₽, у них: нет"
            ),
        ),
        (
            "reconcile",
            {**OF_DAY, "silence": "timed out"},
            "Межрегионгаз Калуга: магазин 100500 за 22.11.2026 — платёжная система не ответила («timed out»)",
        ),
        (
            "payments_stuck",
            {"what": "not answered", "supplier": 7, "subject": "doorbell:5", "since": "2026-11-22T21:30:00Z"},
            "Межрегионгаз Калуга: уведомление 5 — уведомление без ответа с 23.11.2026 00:30",
        ),
        ("check_ledger", {"error": "ValueError"}, "проверка не прошла до конца: ValueError"),
        (
            "payments_stuck",
            {"what": "no cheque", "supplier": 8, "subject": "receipt:5", "since": "2026-11-22T09:00:00Z"},
            "8: чек 5 — чек не зарегистрирован с 22.11.2026 12:00",
        ),
    ],
    ids=["a kopeck", "a line of a day", "a silent gateway", "what waits", "a check that broke", "no such supplier now"],
)
def test_what_a_check_found_is_one_line(check, found, words):
    assert finding_words(check, found, SUPPLIERS) == words


def test_every_name_that_the_checks_of_the_ledger_give_has_words():
    named = re.findall(
        r"""(?:SELECT '|Difference\(")([^'"]+)['"], \w*\.?supplier_id""",
        sources(of_books, of_charges, of_payments),
    )

    assert set(named) >= {"balance", "settled", "charge in the ledger", "shares", "suspense book", "returned"}
    assert set(named) <= set(WORDS)


def test_every_document_that_posts_has_a_name():
    kinds = set(re.findall(r"'(\w+)'", of_payments.__globals__["_SOURCE_KINDS"]))

    assert "payout" in kinds
    assert kinds <= set(KINDS)
