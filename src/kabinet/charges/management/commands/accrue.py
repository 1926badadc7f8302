"""./kabinet manage accrue --supplier CODE --period 2026-10: compute a month, show what it comes to, release it."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.accounts.models import Account
from kabinet.charges import queries
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.charges.usecases.check_accrual import check_accrual
from kabinet.charges.usecases.compute_batch import compute_batch
from kabinet.charges.usecases.finish_computing import finish_computing
from kabinet.charges.usecases.finish_posting import finish_posting
from kabinet.charges.usecases.post_batch import post_batch
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier

REPORT_EVERY_S = 2.0
WAIT_S = 1.0


class Command(BaseCommand):
    help = (
        "Compute a month of all accounts of a supplier, or go on with a run of it that is under way, and print what it "
        "comes to. Nothing is charged without --release: one member of staff has checked the run, another releases it. "
        "Workers and several of these commands share the batches; one that is stopped is simply called again. "
        "Exit 1 when the run is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--period", required=True, type=Month.parse, help="the month, such as 2026-10")
        parser.add_argument("--account", default="", help="number of one account: charge it alone and at once")
        parser.add_argument("--release", action="store_true", help="post what is computed")
        parser.add_argument("--by", default="", metavar="EMAIL", help="with --release: who answers for it")
        parser.add_argument("--checked-by", default="", metavar="EMAIL", help="who else has looked at what is computed")

    def handle(
        self,
        *args: Any,
        supplier: str,
        period: Month,
        account: str,
        release: bool,
        by: str,
        checked_by: str,
        **options: Any,
    ) -> None:
        supplier_id = Supplier.objects.filter(code=supplier).values_list("id", flat=True).first()
        if supplier_id is None:
            raise CommandError(f"no supplier has the code {supplier!r}")
        if release != bool(by):
            raise CommandError("--release and --by belong together")
        try:
            if account:
                self._accrue_account(supplier_id, account, period)
            else:
                self._accrue_all(
                    supplier_id,
                    period,
                    checks=self._user(checked_by) if checked_by else None,
                    releases=self._user(by) if release else None,
                )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _accrue_account(self, supplier_id: int, number: str, period: Month) -> None:
        account_id = Account.objects.filter(supplier_id=supplier_id, number=number).values_list("id", flat=True).first()
        if account_id is None:
            raise CommandError(f"no account has the number {number!r}")
        charges = accrue_month(supplier_id=supplier_id, account_id=account_id, period=period, now=timezone.now())
        for charge in charges:
            self.stdout.write(f"{charge.get_kind_display()}: {charge.formula or charge.amount_rub}")
        self.stdout.write(f"{len(charges)} lines charged")

    def _accrue_all(self, supplier_id: int, period: Month, *, checks: User | None, releases: User | None) -> None:
        run = queries.active_run(supplier_id)
        if run is None or run.period != period or run.for_period is not None:
            started = start_accrual(supplier_id=supplier_id, period=period, actor=None, now=timezone.now())
            run = queries.accrual_run(supplier_id, started.id)
        of_run: dict[str, int] = {"supplier_id": supplier_id, "run_id": run.id}
        if not run.is_posting:
            self._work(of_run, "computing", compute_batch, finish_computing)
        self._report(supplier_id, run.id)
        if checks:
            check_accrual(**of_run, actor=checks, now=timezone.now())
        if releases:
            release_accrual(**of_run, actor=releases, now=timezone.now())
            self._work(of_run, "posting", post_batch, finish_posting)
            self.stdout.write("released")
        else:
            self.stdout.write(
                "not released: look at it in the office, or call again with --checked-by EMAIL --release --by ANOTHER"
            )

    def _work(
        self, of_run: dict[str, int], name: str, do_batch: Callable[..., bool], finish: Callable[..., bool]
    ) -> None:
        """Do batches beside whatever workers there are, until all are done."""
        reported_at = 0.0
        while True:
            did = do_batch(**of_run, now=timezone.now())
            if not did and finish(**of_run, now=timezone.now()):
                break
            if time.monotonic() - reported_at > REPORT_EVERY_S:
                reported_at = time.monotonic()
                self._progress(of_run, name)
            if not did:
                if queries.accrual_run(**of_run).is_cancelled:
                    raise CommandError("somebody has cancelled this run")
                time.sleep(WAIT_S)  # the last batches are in other hands
        self._progress(of_run, name)

    def _progress(self, of_run: dict[str, int], name: str) -> None:
        progress = queries.progress_of(queries.accrual_run(**of_run))
        rate = f"{progress.accounts_per_s:.0f} accounts/s" if progress.accounts_per_s else "…"
        left = f", {progress.left_s:.0f} s left" if progress.left_s else ""
        self.stdout.write(
            f"{name}: {progress.accounts_done} of {progress.accounts_count} ({progress.percent} %), {rate}{left}"
        )

    def _report(self, supplier_id: int, run_id: int) -> None:
        report = queries.run_report(supplier_id, run_id)
        for row in report.totals:
            self.stdout.write(
                f"  {row.service_name}, {row.kind_name}: {row.lines_count} lines, {row.volume_m3} m³,"
                f" {row.amount_rub} RUB (before: {row.before_rub})"
            )
        before = f", {report.before_period}: {report.before_rub} RUB" if report.before_period else ""
        self.stdout.write(f"{report.run.period}: {report.amount_rub} RUB{before}")
        for oddity in report.oddities:
            self.stdout.write(f"  odd: {oddity.kind_name}: {oddity.count}")

    def _user(self, email: str) -> User:
        user = User.objects.filter(email__iexact=email, is_staff=True).first()
        if user is None:
            raise CommandError(f"no member of staff has the address {email!r}")
        return user
