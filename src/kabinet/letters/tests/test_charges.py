"""Letters about charges."""

from decimal import Decimal

import pytest
from django.db import transaction

from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.bills.tests.papers import unprintable, words_of
from kabinet.charges.facts import MonthCharged
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.letters.tasks import charges as module
from kabinet.outbox import operations as outbox
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)


@pytest.fixture
def account() -> Account:
    return make_account(make_supplier(name="Межрегионгаз Калуга"), number="702062012")


def run_of(account: Account, **values) -> AccrualRun:
    given = {"supplier_id": account.supplier_id, "period": OCTOBER, "state": "released", "asked_at": NOW} | values
    return AccrualRun.objects.create(**given)


def charge(account: Account, run: AccrualRun, volume: str, **values) -> None:
    """Charge a volume of gas at 4 ₽/m³."""
    amount = f"{Decimal(volume) * 4:.2f}"
    values = {"kind": Charge.Kind.METERED, "volume_m3": Decimal(volume), "price_rub_per_m3": Decimal(4), **values}
    make_charge(account, amount, period=str(values.pop("period", OCTOBER)), run=run, **values)


def tell(run: AccrualRun) -> None:
    with transaction.atomic():
        outbox.record(MonthCharged(supplier_id=run.supplier_id, run_id=run.id, period=run.period))
    run_jobs(only="letters.")


def test_a_full_holder_reads_the_sums_the_reason_and_until_when_to_pay(account, mailoutbox):
    make_access(make_user("petrov@example.ru"), account, level="full")
    run = run_of(account)
    charge(account, run, "20", period=Month(2026, 9))
    charge(account, run, "28")
    make_payment(account, "50.00")

    tell(run)

    (letter,) = mailoutbox
    assert (letter.to, letter.subject) == (
        ["petrov@example.ru"],
        "Начислено за октябрь 2026, лицевой счёт 702062012",
    )
    body = letter.body.replace("\u00a0", " ").replace("\u202f", " ")
    for part in (
        "За октябрь 2026 начислена плата по лицевому счёту 702062012 (Межрегионгаз Калуга).",
        "Долг на начало месяца: 80,00 ₽\nНачислено: 112,00 ₽\nОплачено: 50,00 ₽\nК оплате: 142,00 ₽, до",
        "Это на 32,00 ₽ больше, чем за сентябрь 2026. Главная причина — «Расход: 28 м³ вместо 20 м³» (+32,00 ₽).",
        f"/{account.id}/charges/2026-10/",
    ):
        assert part in body


def test_the_bill_comes_with_the_letter(account, mailoutbox):
    make_access(make_user(), account, level="full")
    run = run_of(account)
    charge(account, run, "28")

    tell(run)

    [bill] = mailoutbox[0].attachments
    assert (bill.filename, bill.mimetype) == ("Счёт 702062012 за 2026-10.pdf", "application/pdf")
    assert "октябрь 2026 года" in words_of(bill.content)


def test_a_bill_that_cannot_be_made_stops_no_letter_and_is_noted_once(account, mailoutbox, tmp_path):
    other = make_account(account.supplier, number="702062013")
    run = run_of(account)
    for each in (account, other):
        charge(each, run, "28")
        make_access(make_user(), each, level="full")
    make_access(make_user("wife@example.ru"), account, level="full")

    with unprintable("702062012", tmp_path):
        tell(run)

    without, with_bill, of_wife = mailoutbox
    assert [len(letter.attachments) for letter in mailoutbox] == [0, 1, 0]
    assert "Счёт приложен к письму. Как посчитано:" in with_bill.body
    for letter in (without, of_wife):
        assert "К оплате: 112,00\u00a0₽" in letter.body
        assert "приложен" not in letter.body
        assert "Как посчитано:" in letter.body
    assert [entry.subject for entry in Entry.objects.filter(action="paper.failed")] == [f"account:{account.id}"]


def test_who_has_not_proven_the_account_learns_only_what_is_to_be_paid(account, mailoutbox):
    make_access(make_user(), account, level="lite")
    run = run_of(account)
    charge(account, run, "20", period=Month(2026, 9))
    charge(account, run, "28")

    tell(run)

    (letter,) = mailoutbox
    assert "К оплате: 192,00\u00a0₽" in letter.body
    assert letter.attachments == []
    for secret in ("Начислено:", "Долг на начало", "Петров", "кв.", "больше, чем"):
        assert secret not in letter.body


def test_an_overpayment_leaves_nothing_to_pay(account, mailoutbox):
    make_access(make_user(), account, level="full")
    run = run_of(account)
    charge(account, run, "28")
    make_payment(account, "200.00")

    tell(run)

    assert "К оплате ничего: переплата 88,00\u00a0₽" in mailoutbox[0].body


def test_an_english_reader_gets_it_in_english(account, mailoutbox):
    make_access(make_user(language="en"), account, level="full")
    run = run_of(account)
    charge(account, run, "28")

    tell(run)

    assert "October 2026" in mailoutbox[0].subject
    assert "Начислено" not in mailoutbox[0].subject


def test_everybody_gets_one_letter_for_each_account_however_many_jobs_it_takes(account, mailoutbox, monkeypatch):
    monkeypatch.setattr(module, "READERS_OF_A_JOB", 2)
    other = make_account(account.supplier, number="702062013")
    both = make_user("both@example.ru")
    run = run_of(account)
    for each in (account, other):
        charge(each, run, "28")
        make_access(both, each, level="full")
    for number in range(3):
        make_access(make_user(f"{number}@example.ru"), account, level="lite")

    tell(run)

    assert len(mailoutbox) == 5
    assert len({letter.extra_headers["Message-ID"] for letter in mailoutbox}) == 5


def test_the_same_job_twice_is_the_same_message(account, mailoutbox):
    reader = make_user()
    make_access(reader, account, level="full")
    charge(account, run_of(account), "28")
    job = {"supplier_id": account.supplier_id, "account_id": account.id, "user_id": reader.id, "period": "2026-10"}

    for _ in range(2):
        module.send_month_charged(**job, fact_id="7")

    first, again = mailoutbox
    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]


def test_whoever_gave_the_account_up_meanwhile_gets_nothing(account, mailoutbox):
    reader = make_user()
    make_access(reader, account, level="full")
    charge(account, run_of(account), "28")
    AccountAccess.objects.all().delete()

    module.send_month_charged(
        supplier_id=account.supplier_id, account_id=account.id, user_id=reader.id, period="2026-10", fact_id="7"
    )

    assert mailoutbox == []


def test_accounts_that_the_run_did_not_charge_and_corrections_send_nothing(account, mailoutbox):
    other = make_account(account.supplier, number="702062013")
    make_access(make_user(), other, level="full")
    make_access(make_user(), account, level="full")
    correction = run_of(account, kind="correction", for_period=Month(2026, 9), reason="ошибка в цене")
    charge(account, correction, "28")

    tell(run_of(account))
    tell(correction)

    assert mailoutbox == []
