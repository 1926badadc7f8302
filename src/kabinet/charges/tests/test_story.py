"""One account over eighteen months: all that happens between a household and its supplier, and every bill of it.

The figures were counted by hand; where days matter the count stands beside them.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from django.conf import settings
from django.db.models import F
from django.utils.module_loading import import_string

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.queries.sheets import bills
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.tests.factories import make_accrual_policy, make_payment
from kabinet.charges.usecases.correct_month import correct_month
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.month import Month
from kabinet.common.testing import at
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.rules import NewMeter, NewScale
from kabinet.meters.tests.factories import make_keeper
from kabinet.meters.usecases.close_account import close_account
from kabinet.meters.usecases.install_meter import install_meter
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.meters.usecases.replace_meter import replace_meter
from kabinet.meters.usecases.submit_reading import submit_reading
from kabinet.meters.usecases.verify_meter import verify_meter
from kabinet.outbox.testing import run_jobs
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.tariffs.formats.reference import SHIPPED, read_reference
from kabinet.tariffs.models import Benefit, BenefitGrant
from kabinet.tariffs.tests.factories import make_accountant
from kabinet.tariffs.usecases.end_benefit import end_benefit
from kabinet.tariffs.usecases.grant_benefit import grant_benefit
from kabinet.tariffs.usecases.load_reference import load_reference
from kabinet.tariffs.usecases.save_benefit import save_benefit
from kabinet.tariffs.usecases.set_norm import set_norm
from kabinet.tariffs.usecases.set_tariff import set_tariff

pytestmark = pytest.mark.django_db

BEFORE = at("2024-12-20 10:00")

#: A line of a bill: kind, m³, ₽/m³, ₽. Volumes and prices as short as they can be written.
BillLine = tuple[str, str, str, str]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class Household:
    """An account, those who deal with it, and what they do on which day."""

    account: Account
    customer: User
    keeper: User
    starts: User
    releases: User
    meter: Meter | None = None
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def supplier(self) -> Supplier:
        return self.account.supplier

    def noon(self, on: str) -> dict[str, object]:
        """Say who the supplier is and when it happens."""
        return {"supplier_id": self.supplier.id, "now": at(f"{on} 12:00")}

    def request_id(self) -> UUID:
        return UUID(int=next(self.numbers))

    def by_keeper(self, on: str) -> dict[str, object]:
        return {**self.noon(on), "actor": self.keeper, "request_id": self.request_id()}

    def reads(self, value: str, *, on: str) -> None:
        """The customer tells what the meter shows today."""
        submit_reading(
            **self.noon(on),
            meter_id=self.meter.id,
            value_m3=Decimal(value),
            taken_on=day(on),
            request_id=self.request_id(),
            actor=self.customer,
        )

    def is_read(self, value: str, *, on: str) -> None:
        """An inspector reads the meter on the spot."""
        record_reading(
            **self.by_keeper(on),
            meter_id=self.meter.id,
            value_m3=Decimal(value),
            taken_on=day(on),
            by_inspector=True,
        )

    def gets_meter(self, serial_number: str, showing: str, *, on: str, due: str) -> None:
        new = new_meter(serial_number, showing, due=due)
        self.meter = install_meter(**self.by_keeper(on), account_id=self.account.id, new=new, installed_on=day(on))

    def gets_another_meter(self, serial_number: str, showing: str, *, closing: str, on: str, due: str) -> None:
        self.meter = replace_meter(
            **self.by_keeper(on),
            meter_id=self.meter.id,
            closing_m3={"T1": Decimal(closing)},
            new=new_meter(serial_number, showing, due=due),
            replaced_on=day(on),
        )

    def has_meter_verified(self, showing: str, *, on: str, due: str) -> None:
        verify_meter(
            **self.by_keeper(on),
            meter_id=self.meter.id,
            verified_on=day(on),
            due_on=day(due),
            opening_m3={"T1": Decimal(showing)},
            document="Свидетельство о поверке № 7",
        )

    def is_granted(self, benefit: Benefit, *, since: str, on: str) -> BenefitGrant:
        return grant_benefit(
            **self.noon(on),
            account_id=self.account.id,
            benefit_id=benefit.id,
            valid_from=day(since),
            valid_until=None,
            document="Удостоверение № 5",
            actor=self.keeper,
        ).row

    def loses(self, grant: BenefitGrant, *, until: str, on: str) -> None:
        end_benefit(**self.noon(on), grant_id=grant.id, valid_until=day(until), actor=self.keeper)

    def moves_out(self, closing: str, *, last_day: str) -> None:
        close_account(
            **self.by_keeper(last_day),
            account_id=self.account.id,
            last_day=day(last_day),
            closing_m3={self.meter.id: {"T1": Decimal(closing)}},
        )

    def pays(self, amount: str, *, on: str, month: str | None = None, service: str = Service.GAS) -> None:
        make_payment(
            self.account,
            amount,
            on=on,
            named=month and Month.parse(month),
            service=Service.objects.get(supplier=self.supplier, code=service),
        )

    def bill(self, month: str) -> tuple[list[BillLine], str]:
        """Charge a month on the first day of the next one; give the lines of its bill, and the sum that it ends with.

        One accountant starts the run of all accounts, another releases it.
        """
        period = Month.parse(month)
        now = at(f"{period.next().first_day} 09:00")
        run = start_accrual(supplier_id=self.supplier.id, period=period, actor=self.starts, now=now)
        run_jobs(only="charges")
        release_accrual(supplier_id=self.supplier.id, run_id=run.id, actor=self.releases, now=now)
        run_jobs(only="charges")
        run.refresh_from_db()
        assert run.state == AccrualRun.State.RELEASED
        charges = Charge.objects.filter(supplier=self.supplier, account=self.account, period=period)
        lines = [
            (charge.kind, short(charge.volume_m3), short(charge.price_rub_per_m3), str(charge.amount_rub))
            for charge in charges.order_by("service__position", "line_no")
        ]
        sheet = bills(self.supplier.id, [self.account.id], period, now=now)[self.account.id]
        return lines, str(sheet.closing_rub)

    def has_corrected(self, month: str, *, on: str) -> list[str]:
        """An accountant has a month computed anew; give the sums of the lines that it makes."""
        lines = correct_month(
            **self.noon(on),
            account_id=self.account.id,
            for_period=Month.parse(month),
            reason="Показания переданы",
            actor=self.starts,
        )
        return [str(line.amount_rub) for line in lines]

    def owes(self) -> str:
        return str(ledger.balance_rub(self.supplier.id, self.account.id))


def short(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def new_meter(serial_number: str, showing: str, *, due: str) -> NewMeter:
    return NewMeter(
        serial_number=serial_number,
        digits=5,
        scales=(NewScale("T1", Decimal(showing)),),
        model_name="ВК-G4",
        verification_due_on=day(due),
    )


def make_household() -> Household:
    """Two people with a gas meter, at a supplier with the terms of the law, a norm and two prices."""
    load_reference(rows=read_reference(SHIPPED), now=BEFORE)
    supplier = make_supplier()
    make_accrual_policy(supplier)
    gas = Service.objects.get(supplier=supplier, is_main=True)
    terms = {"supplier_id": supplier.id, "actor": None, "now": BEFORE}
    for price, since, order in (("7.00", "2024-07-01", "Приказ № 1"), ("7.70", "2025-07-01", "Приказ № 2")):
        set_tariff(
            **terms,
            service_id=gas.id,
            usage_purpose_code="",
            printed_price=Decimal(price),
            printed_unit="m3",
            valid_from=day(since),
            valid_until=None,
            source=order,
        )
    set_norm(
        **terms,
        region_code="",
        usage_purpose_code="",
        unit="person",
        printed_value=Decimal(12),
        printed_period="month",
        profile=None,
        valid_from=day("2020-01-01"),
        valid_until=None,
        source="Приказ о нормативах № 3",
    )
    account = make_account(supplier, opened_on=day("2024-12-25"), residents_count=2)
    customer = make_user()
    make_access(customer, account)
    household = Household(
        account, customer, make_keeper(supplier), starts=make_accountant(supplier), releases=make_accountant(supplier)
    )
    household.gets_meter("04821001", "1000", on="2024-12-25", due="2030-12-25")
    return household


def make_half_of_twenty(supplier: Supplier) -> Benefit:
    """Half of the cost of 20 m³ a month."""
    return save_benefit(
        supplier_id=supplier.id,
        benefit_id=None,
        service_id=Service.objects.get(supplier=supplier, is_main=True).id,
        code="veteran",
        name="Ветеран труда",
        share_percent=Decimal(50),
        limit_m3=Decimal(20),
        is_limit_per_head=False,
        monthly_rub=None,
        funded_by="Областной бюджет",
        source="Закон области № 1",
        now=BEFORE,
    )


def test_eighteen_months_of_one_account():
    home = make_household()
    half_of_twenty = make_half_of_twenty(home.supplier)

    # Readings on the 25th, a bill on the 1st. February is left unpaid.
    home.reads("1030", on="2025-01-25")
    assert home.bill("2025-01") == ([("metered", "30", "7", "210.00")], "210.00")
    home.pays("210.00", on="2025-02-07", month="2025-01")
    home.reads("1058", on="2025-02-25")
    assert home.bill("2025-02") == ([("metered", "28", "7", "196.00")], "196.00")
    home.reads("1090", on="2025-03-25")
    assert home.bill("2025-03") == ([("metered", "32", "7", "224.00")], "420.00")
    home.pays("224.00", on="2025-04-08", month="2025-03")

    # February was due on Monday 10 March: 10 April is the 31st day of delay. 21 days of April, 31 of May and 1 June,
    # the day of payment: 196 × 9,5 % / 300 = 0,062067 a day, since the cap is below the key rate of 21 %.
    home.reads("1120", on="2025-04-25")
    assert home.bill("2025-04") == ([("metered", "30", "7", "210.00"), ("penalty", "", "", "1.30")], "407.30")
    home.pays("210.00", on="2025-05-08", month="2025-04")
    home.reads("1150", on="2025-05-25")
    assert home.bill("2025-05") == ([("metered", "30", "7", "210.00"), ("penalty", "", "", "1.92")], "409.22")
    home.pays("196.00", on="2025-06-01", month="2025-02")
    home.pays("210.00", on="2025-06-09", month="2025-05")
    home.reads("1180", on="2025-06-25")
    assert home.bill("2025-06") == ([("metered", "30", "7", "210.00"), ("penalty", "", "", "0.06")], "213.28")
    home.pays("210.00", on="2025-07-08", month="2025-06")
    assert home.owes() == "3.28"

    # The price changes on 1 July: of 30 m³ on 30 days from 26 June, 5 days are at the old price.
    home.reads("1210", on="2025-07-25")
    assert home.bill("2025-07") == (
        [("metered", "5", "7", "35.00"), ("metered", "25", "7.7", "192.50")],
        "230.78",
    )
    home.pays("227.50", on="2025-08-08", month="2025-07")

    # Five months of silence. Three by the mean, 210 m³ ÷ 7 months, then two by the norm, 2 people × 12 m³.
    # 500 in advance pay August, September and 38 of October.
    home.pays("500.00", on="2025-08-20")
    assert home.owes() == "-496.72"
    assert home.bill("2025-08") == ([("average", "30", "7.7", "231.00")], "-265.72")
    assert home.bill("2025-09") == ([("average", "30", "7.7", "231.00")], "-34.72")
    assert home.bill("2025-10") == ([("average", "30", "7.7", "231.00")], "196.28")
    home.pays("193.00", on="2025-11-07", month="2025-10")
    assert home.bill("2025-11") == ([("norm", "24", "7.7", "184.80")], "188.08")
    home.pays("184.80", on="2025-12-09", month="2025-11")
    assert home.bill("2025-12") == ([("norm", "24", "7.7", "184.80")], "188.08")
    home.pays("184.80", on="2026-01-12", month="2025-12")  # due on Saturday the 10th, so on Monday the 12th

    # Readings resume: 92 m³ on 184 days. November and December keep the norm; of the others, 98 days from 26 July and
    # 25 of January, 61,5 m³ are due, and 90 m³ were charged. VAT is another since 1 January, so January stands apart.
    home.reads("1302", on="2026-01-25")
    assert home.bill("2026-01") == (
        [("correction", "-41", "7.7", "-315.70"), ("correction", "12.5", "7.7", "96.25")],
        "-216.17",
    )

    # They ask for November and December by the meter: 15 m³ on 30 days, and 15,5 on 31, instead of 24 each. So all of
    # the 92 m³ are charged, and no more; asked again, nothing is left.
    assert home.has_corrected("2025-11", on="2026-02-02") == ["-69.30"]
    assert home.has_corrected("2025-12", on="2026-02-02") == ["-65.45"]
    assert home.has_corrected("2025-11", on="2026-02-02") == []
    assert home.owes() == "-350.92"

    # A benefit begins on 1 February, on 25 of the reading's 31 days: 20 × 25 / 31 = 16,129 m³ at half the price.
    grant = home.is_granted(half_of_twenty, since="2026-02-01", on="2026-02-03")
    home.reads("1327", on="2026-02-25")
    assert home.bill("2026-02") == (
        [
            ("correction", "-9", "7.7", "-69.30"),
            ("correction", "-8.5", "7.7", "-65.45"),
            ("metered", "25", "7.7", "192.50"),
            ("benefit", "16.129", "7.7", "-62.10"),
        ],
        "-220.52",
    )

    # Another meter on 10 March; the benefit covers what both have counted, and ends with the month.
    home.gets_another_meter("04821002", "0", closing="1335", on="2026-03-10", due="2026-04-10")
    home.reads("7", on="2026-03-25")
    home.loses(grant, until="2026-04-01", on="2026-03-27")
    assert home.bill("2026-03") == (
        [
            ("metered", "8", "7.7", "61.60"),
            ("metered", "7", "7.7", "53.90"),
            ("benefit", "8", "7.7", "-30.80"),
            ("benefit", "7", "7.7", "-26.95"),
        ],
        "-162.77",
    )

    # Its verification runs out on 10 April: 20 days of 30 by the norm. Of the 16 days that it counted before, 6 are of
    # March and have the benefit. The act of 30 April begins anew at 40.
    home.is_read("12", on="2026-04-10")
    home.has_meter_verified("40", on="2026-04-30", due="2036-04-30")
    assert home.bill("2026-04") == (
        [
            ("metered", "5", "7.7", "38.50"),
            ("norm", "16", "7.7", "123.20"),
            ("benefit", "1.875", "7.7", "-7.22"),
        ],
        "-8.29",
    )
    home.reads("60", on="2026-05-25")
    assert home.bill("2026-05") == ([("metered", "20", "7.7", "154.00")], "145.71")
    home.pays("142.43", on="2026-06-10", month="2026-05")

    # They move out on 19 June and pay what is left: 15 m³, and the penalties.
    home.moves_out("75", last_day="2026-06-19")
    assert home.bill("2026-06") == ([("metered", "15", "7.7", "115.50")], "118.78")
    home.pays("115.50", on="2026-07-03", month="2026-06")
    home.pays("3.28", on="2026-07-03", service=Service.PENALTY)

    assert home.owes() == "0.00"
    assert (
        not Charge.objects.filter(account=home.account, amount_rub__gt=0).exclude(settled_rub=F("amount_rub")).exists()
    )
    for check in settings.LEDGER_CHECKS:
        assert import_string(check)() == []
