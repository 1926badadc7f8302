"""The stories that README tells of: each account has what its name promises, and every bill follows from it."""

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from django.utils.module_loading import import_string

from demo import world
from demo.people import STORY_ACCOUNTS
from demo.stories import STORIES
from kabinet.accounts.models import Account
from kabinet.charges import queries as charges
from kabinet.charges.models import AccrualRun, Charge, DraftCharge
from kabinet.charges.usecases.check_accrual import check_accrual
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.people.models import User
from kabinet.tariffs.formats.reference import SHIPPED, read_reference
from kabinet.tariffs.usecases.load_reference import load_reference

ROOT = Path(__file__).parents[2]
LAST = Month(2026, 10)


def account(number: str) -> Account:
    return Account.objects.get(supplier__code="gmr-spb", number=number)


def kinds(number: str, period: Month = LAST) -> list[str]:
    rows = Charge.objects.filter(account=account(number), period=period)
    return list(rows.order_by("service__position", "line_no").values_list("kind", flat=True))


def owed_rub(number: str) -> Decimal:
    of = account(number)
    return ledger.balance_rub(of.supplier_id, of.id)


class TestStories(TestCase):
    """One world for all of them."""

    @classmethod
    def setUpTestData(cls) -> None:
        load_reference(rows=read_reference(SHIPPED), now=timezone.now())  # as `prepare_database` does
        world.build(accounts=100, now=NOW)

    def test_accounts_that_the_readme_names_are_there_under_the_names_that_it_gives_them(self):
        told = [(held.number, held.alias) for held in STORY_ACCOUNTS]

        assert [story.number for story in STORIES] == [number for number, _ in told]
        assert Account.objects.filter(supplier__code="gmr-spb", number__in=dict(told)).count() == len(told)
        for readme in ("README.md", "README.ru.md"):
            rows = re.findall(r"^\| `(\d+)` «([^»]+)»", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
            assert rows == told

    def test_the_price_changed_between_two_readings(self):
        rows = Charge.objects.filter(account=account("702062016"), period=LAST).order_by("line_no")

        assert [(line.volume_m3, line.price_rub_per_m3) for line in rows] == [
            (Decimal("20.667"), Decimal("4.15270")),
            (Decimal("103.333"), Decimal("4.55140")),
        ]

    def test_after_half_a_year_of_silence_a_reading_corrects_the_means_and_keeps_the_norms(self):
        assert [kinds("702062017", LAST.plus(-back)) for back in range(6, -1, -1)] == [
            *[["average"]] * 3,
            *[["norm"]] * 3,
            ["correction"],
        ]

    def test_a_replaced_meter_and_the_new_one_are_on_one_bill(self):
        old, new = Meter.objects.filter(account=account("702062018")).order_by("id")

        lines = Charge.objects.filter(account=account("702062018"), period=LAST).order_by("line_no")
        assert [line.meter_id for line in lines] == [old.id, new.id]
        assert old.removed_on == dt.date(2026, 10, 10)

    def test_an_expired_verification_means_the_norm_at_once(self):
        assert kinds("702062019", LAST.previous()) == ["metered", "norm"]
        assert kinds("702062019") == ["norm"]

    def test_a_benefit_is_a_line_of_its_own(self):
        [used, given] = Charge.objects.filter(account=account("702062020"), period=LAST).order_by("line_no")

        assert (used.kind, used.volume_m3, given.kind, given.volume_m3) == ("metered", 29, "benefit", 20)
        assert given.amount_rub == Decimal("-43.75")  # 20 × 4,37507 × 50 %

    def test_whoever_paid_late_owes_penalties_of_four_months(self):
        penalties = Charge.objects.filter(account=account("702062021"), kind="penalty").order_by("period")

        # 179,38 ₽ of May, due on 15 June: 16 and 31 days / 300, then 13 / 300 and 17 / 130, then 20 / 130; 9,5 %
        assert [line.amount_rub for line in penalties] == [
            Decimal("0.91"),
            Decimal("1.76"),
            Decimal("2.97"),
            Decimal("2.62"),
        ]
        assert owed_rub("702062021") == Decimal("183.75") + Decimal("8.26")

    def test_an_advance_settles_month_after_month(self):
        of = account("702062022")

        assert owed_rub("702062022") < 0
        assert charges.unpaid_charges(of.supplier_id, of.id) == []

    def test_whoever_moved_out_owes_nothing(self):
        assert account("702062023").closed_on == dt.date(2026, 10, 20)
        assert owed_rub("702062023") == 0

    def test_without_a_meter_the_norm_is_charged(self):
        line = Charge.objects.get(account=account("702062024"), period=LAST)

        assert (line.kind, line.volume_m3, line.meter_id) == ("norm", Decimal("24.600"), None)  # 2 × 12,3 m³

    def test_what_staff_have_taken_off_stands_beside_what_was_charged(self):
        assert sorted(kinds("702062025")) == ["adjustment", "metered"]

    def test_every_line_of_a_story_explains_itself(self):
        for held in STORY_ACCOUNTS:
            of = account(held.number)
            for period in {charge.period for charge in Charge.objects.filter(account=of)}:
                for card in charges.charges_of_month(of.supplier_id, of.id, period):
                    assert card.explanation.sentence

    def test_the_last_month_was_released_by_a_second_person_and_charged_nobody_twice(self):
        run = AccrualRun.objects.get(supplier__code="gmr-spb")

        assert (run.state, run.period) == (AccrualRun.State.RELEASED, LAST)
        assert run.asked_by_id != run.released_by_id
        assert not Charge.objects.filter(run=run, kind="average").exists()
        assert set(
            Charge.objects.filter(run=run).exclude(kind="penalty").values_list("account__number", flat=True)
        ) <= {held.number for held in STORY_ACCOUNTS}

    def test_elsewhere_the_last_month_waits_for_its_release(self):
        run = AccrualRun.objects.get(supplier__code="mrg-izhevsk")

        assert (run.state, run.period, run.asked_by) == (AccrualRun.State.READY, LAST, None)
        assert DraftCharge.objects.filter(run=run).count() > 4
        assert not Charge.objects.filter(supplier=run.supplier, period=LAST).exists()

    def test_there_one_of_the_staff_checks_the_month_and_another_releases_it(self):
        run = AccrualRun.objects.get(supplier__code="mrg-izhevsk")
        zoya, timur = (User.objects.get(email=f"{name}@example.test") for name in ("zoya", "timur"))
        month = {"supplier_id": run.supplier_id, "run_id": run.id, "now": NOW}

        check_accrual(**month, actor=zoya)

        assert release_accrual(**month, actor=timur).state == AccrualRun.State.POSTING

    def test_letters_are_waiting_of_the_released_month_only(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT task_name, args ->> 'period' FROM procrastinate_jobs ORDER BY id")
            jobs = [(name, period) for name, period in cursor.fetchall() if period]
        assert jobs == [("letters.announce_month_charged", "2026-10")]

    def test_the_ledger_agrees_with_every_document(self):
        for check in settings.LEDGER_CHECKS:
            assert import_string(check)() == []

    def test_a_world_whose_stories_broke_off_is_known(self):
        assert world.is_finished()
        Account.objects.filter(pk=account("702062025").pk).update(number="700000000")

        assert not world.is_finished()
