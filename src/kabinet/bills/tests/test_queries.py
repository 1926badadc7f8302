"""What a bill gathers: which sums, which lines, for whom."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from kabinet.accounts.models import Account, AccountAccess
from kabinet.accounts.queries import FullAccessRequired
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills import queries
from kabinet.bills.formats.bill import Part
from kabinet.bills.tests.papers import words_of
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_accrual_policy, make_charge
from kabinet.charges.usecases.accrue_month import accrue_month
from kabinet.common.errors import NotFound
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.ledger import operations as ledger
from kabinet.meters.models import MeterScale, Reading
from kabinet.meters.tests.factories import make_meter, make_reading, make_scale
from kabinet.payments.tests.factories import make_payment
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service, Supplier
from kabinet.suppliers.tests.factories import make_bank_details, make_service, make_supplier
from kabinet.tariffs.tests.factories import grant, make_benefit, make_tariff

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def bill(user: User, account: Account, period: Month = OCTOBER, *, now: dt.datetime = NOW):
    return queries.bill(account.supplier_id, account.id, period, visible_to=user, now=now)


def held_account(level: str = "full", **values) -> tuple[User, Account]:
    user, account = make_user(), make_account(**values)
    make_access(user, account, level)
    return user, account


def metered_account(**supplier_values) -> tuple[User, Account, "Reading"]:
    """Give an account that used 28 m³ in October and has been charged for it by the price of the notice."""
    supplier = make_supplier(**supplier_values)
    make_tariff(supplier)
    user, account = held_account(supplier=supplier, number="702062012")
    meter = make_meter(account, value="1234", on="2026-09-25", serial_number="0482117")
    reading = make_reading(meter, "1262", on="2026-10-25")
    return user, account, reading


def pay(account: Account, amount: str, on: str) -> None:
    """Post a payment from elsewhere on a day."""
    service = Service.objects.get(supplier_id=account.supplier_id, is_main=True)
    day = dt.date.fromisoformat(on)
    with transaction.atomic():
        ledger.post(
            supplier_id=account.supplier_id,
            source_kind="test",
            source_id=uuid4().hex,
            movements=[
                ledger.Movement(
                    debit_book_id=ledger.supplier_book(account.supplier_id, "bank"),
                    credit_book_id=ledger.customer_book(account.supplier_id, account.id, service.id),
                    amount_rub=Decimal(amount),
                    kind="payment",
                    period=Month.of(day),
                    occurred_on=day,
                )
            ],
            now=NOW,
        )


def accrue(account: Account, period: Month = OCTOBER) -> None:
    make_accrual_policy(account.supplier)
    accrue_month(supplier_id=account.supplier_id, account_id=account.id, period=period, now=NOW)


def test_a_charged_month_shows_the_dial_before_and_now_the_price_and_the_sum():
    user, account, _reading = metered_account()
    accrue(account)

    [line] = bill(user, account).lines

    assert (line.service_name, line.note, line.digits) == ("Газ", "ВК-G4 № 0482117", 5)
    assert (line.current_m3, line.previous_m3, line.volume_m3) == (1262, 1234, 28)
    assert (line.price_rub_per_m3, line.amount_rub) == (Decimal("4.37507"), Decimal("122.50"))
    assert line.formula == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"


def test_a_reading_charged_by_two_prices_shows_its_dial_once():
    supplier = make_supplier()
    make_tariff(supplier, "4.00000", until="2026-10-01")
    make_tariff(supplier, "5.00000", since="2026-10-01")
    user, account = held_account(supplier=supplier)
    meter = make_meter(account, value="1000", on="2026-09-25")
    make_reading(meter, "1090", on="2026-10-25")
    accrue(account)

    first, second = bill(user, account).lines

    assert (first.current_m3, first.volume_m3, first.price_rub_per_m3) == (1090, 15, 4)
    assert (second.current_m3, second.volume_m3, second.price_rub_per_m3) == (None, 75, 5)


@pytest.mark.parametrize(
    ("kind", "values", "note", "column"),
    [
        ("average", {"volume_m3": Decimal(145)}, "по среднему расходу, показаний нет", "charged_rub"),
        ("norm", {"volume_m3": Decimal(145)}, "по нормативу потребления", "charged_rub"),
        ("fixed", {}, "", "charged_rub"),
        ("penalty", {"for_period": Month(2026, 3)}, "за март 2026 года", "charged_rub"),
        ("correction", {"volume_m3": Decimal(3)}, "перерасчёт по показаниям", "recalculated_rub"),
        ("adjustment", {"inputs": {"reason": "по заявлению"}}, "по заявлению", "recalculated_rub"),
        ("opening", {}, "остаток из прежнего учёта", "recalculated_rub"),
    ],
)
def test_each_kind_of_line_stands_in_its_column_and_says_what_it_is(kind, values, note, column):
    user, account = held_account()
    make_charge(account, "12.30", kind=kind, **values)

    sheet = bill(user, account)

    [line] = sheet.lines
    columns = {name: getattr(line, name) for name in ("charged_rub", "benefit_rub", "recalculated_rub")}
    assert line.note.replace("\u00a0", " ") == note
    assert columns == {**dict.fromkeys(columns), column: Decimal("12.30")}
    assert line.volume_m3 == values.get("volume_m3")
    assert (sheet.lines_rub, sheet.adjusted_rub, sheet.closing_rub) == (Decimal("12.30"), 0, Decimal("12.30"))


def test_a_benefit_lowers_the_month_under_its_name():
    user, account = held_account()
    make_charge(account, "122.50", kind="fixed")
    Charge.objects.create(
        supplier_id=account.supplier_id,
        account=account,
        service=Service.objects.get(supplier_id=account.supplier_id, is_main=True),
        period=OCTOBER,
        line_no=2,
        kind="benefit",
        volume_m3=Decimal(20),
        amount_rub=Decimal("-43.75"),
        inputs={"benefit": "veteran", "name": "Ветеран труда"},
        charged_on=dt.date(2026, 11, 1),
    )

    sheet = bill(user, account)

    line = sheet.lines[1]
    assert (line.note, line.benefit_rub, line.volume_m3) == ("льгота: Ветеран труда", Decimal("43.75"), None)
    assert (sheet.charged_rub, sheet.benefit_rub) == (Decimal("122.50"), Decimal("43.75"))


def test_the_norm_of_a_month_at_two_prices_goes_on_in_one_row():
    user, account = held_account()
    for price in ("4.00000", "5.00000"):
        make_charge(account, "40.00", kind="norm", volume_m3=Decimal(10), price_rub_per_m3=Decimal(price))

    assert [(line.note, line.goes_on) for line in bill(user, account).lines] == [
        ("по нормативу потребления", False),
        ("", True),
    ]


def test_the_tax_of_all_lines_is_summed_by_its_rate():
    user, account = held_account()
    for percent, vat in (("22", "22,09"), ("22", "−2,09"), ("20", "1,00")):
        make_charge(account, "100.00", kind="fixed", inputs={"vat_percent": percent, "vat_rub": vat})

    assert list(bill(user, account).vat) == [("22", Decimal("20.00")), ("20", Decimal("1.00"))]


def test_many_bills_at_once_say_what_each_says_alone():
    accounts = [metered_account()[1]]
    supplier = accounts[0].supplier
    accounts += [make_account(supplier, number=f"10000000{number}") for number in range(3)]
    reader = make_user()
    for account in accounts:
        make_access(reader, account)
    accrue(accounts[0])
    make_charge(accounts[1], "100.00", period="2026-09")
    pay(accounts[1], "30.00", "2026-11-20")
    make_charge(accounts[2], "74.30", period="2026-10")
    make_charge(accounts[2], "10.00", period="2026-11")

    at_once = queries.bills(supplier.id, [account.id for account in accounts], OCTOBER, now=NOW)

    assert at_once == {account.id: bill(reader, account) for account in accounts[:3]}


def test_the_parts_of_the_sum_add_up():
    user, account = held_account()
    make_charge(account, "300.00", period="2026-09")
    pay(account, "100.00", "2026-10-05")
    make_charge(account, "122.50", period="2026-10")

    sheet = bill(user, account)

    assert (sheet.opening_rub, sheet.charged_rub, sheet.paid_rub, sheet.adjusted_rub) == (
        Decimal("300.00"),
        Decimal("122.50"),
        Decimal("100.00"),
        Decimal("0.00"),
    )
    assert sheet.closing_rub == sheet.due_rub == Decimal("322.50")


def test_what_was_paid_since_is_taken_off_the_latest_bill():
    user, account = held_account()
    make_charge(account, "122.50", period="2026-10")
    pay(account, "100.00", "2026-11-20")

    sheet = bill(user, account)

    assert sheet.is_latest
    assert sheet.counted_on == dt.date(2026, 11, 22)
    assert (sheet.paid_rub, sheet.due_rub) == (Decimal("100.00"), Decimal("22.50"))


def test_an_earlier_bill_is_as_it_was_at_the_end_of_its_month():
    user, account = held_account()
    make_charge(account, "300.00", period="2026-09")
    pay(account, "300.00", "2026-10-05")
    make_charge(account, "122.50", period="2026-10")

    sheet = bill(user, account, Month(2026, 9))

    assert not sheet.is_latest
    assert sheet.counted_on == dt.date(2026, 10, 1)
    assert sheet.due_rub == Decimal("300.00")


def test_an_overpayment_leaves_nothing_to_pay():
    user, account = held_account()
    make_charge(account, "122.50", period="2026-10")
    pay(account, "500.00", "2026-11-02")

    sheet = bill(user, account)

    assert (sheet.closing_rub, sheet.due_rub) == (Decimal("-377.50"), Decimal("0.00"))


def test_several_services_are_told_apart():
    user, account = held_account()
    maintenance = make_service(account.supplier, code="maintenance", name="Техобслуживание", position=2)
    make_charge(account, "122.50", period="2026-10")
    make_charge(account, "74.30", period="2026-10", service=maintenance)

    sheet = bill(user, account)

    assert [(line.service_name, line.amount_rub) for line in sheet.lines] == [
        ("Газ", Decimal("122.50")),
        ("Техобслуживание", Decimal("74.30")),
    ]
    assert sheet.due_by_service == [("газ", Decimal("122.50")), ("техобслуживание", Decimal("74.30"))]


def test_a_month_with_a_debt_and_no_charges_has_a_bill_too():
    user, account = held_account()
    make_charge(account, "122.50", period="2026-09")

    sheet = bill(user, account, OCTOBER)

    assert list(sheet.lines) == []
    assert sheet.due_rub == Decimal("122.50")


def test_the_present_month_is_a_sheet_to_fill_in():
    user, account, _reading = metered_account()

    with_reading = bill(user, account, NOVEMBER)
    Reading.objects.filter(account=account, taken_on="2026-10-25").delete()
    [line] = bill(user, account, NOVEMBER).lines

    assert with_reading.is_blank
    assert with_reading.total_rub == Decimal("122.50")
    assert (line.previous_m3, line.price_rub_per_m3) == (1234, Decimal("4.37507"))
    assert (line.current_m3, line.volume_m3, line.amount_rub) == (None, None, None)
    assert bill(user, account, NOVEMBER).total_rub is None


def test_a_sheet_to_fill_in_counts_as_accrual_will():
    supplier = make_supplier()
    make_tariff(supplier, "10")
    make_tariff(supplier, "3", zone="T2")
    user, account = held_account(supplier=supplier)
    meter = make_meter(account, value="1000", on="2026-10-31", serial_number="77")
    night = make_scale(meter, "T2", "500", on="2026-10-31", name="ночь")
    make_reading(meter, "1010", on="2026-11-20")
    make_reading(meter, "600", on="2026-11-20", scale=night)
    grant(account, make_benefit(supplier, name="Ветеран труда"))

    sheet = bill(user, account, NOVEMBER)

    assert [(line.note, line.amount_rub, line.part) for line in sheet.lines] == [
        ("ВК-G4 № 77", Decimal("100.00"), Part.CHARGED),
        ("ВК-G4 № 77, ночь", Decimal("300.00"), Part.CHARGED),
        ("льгота: Ветеран труда", Decimal("-50.00"), Part.BENEFIT),
        ("льгота: Ветеран труда", Decimal("-150.00"), Part.BENEFIT),
    ]
    assert sheet.total_rub == Decimal("200.00")


def test_a_sheet_to_fill_in_takes_off_what_the_mean_has_charged():
    supplier = make_supplier()
    make_tariff(supplier, "10")
    user, account = held_account(supplier=supplier)
    meter = make_meter(account, value="1000", on="2026-09-30", serial_number="77")
    make_charge(
        account,
        "310",
        period="2026-10",
        kind="average",
        meter=meter,
        scale=MeterScale.objects.get(meter=meter),
        volume_m3=31,
        price_rub_per_m3=10,
        used_since=dt.date(2026, 10, 1),
        used_until=dt.date(2026, 11, 1),
    )
    make_reading(meter, "1051", on="2026-11-20")

    [line] = bill(user, account, NOVEMBER).lines

    assert line.note == "ВК-G4 № 77, перерасчёт по показаниям"
    assert (line.current_m3, line.volume_m3, line.amount_rub) == (1051, 20, Decimal("200.00"))
    assert line.part == Part.RECALCULATION


def test_each_scale_of_a_meter_has_a_line_to_fill_in():
    supplier = make_supplier()
    make_tariff(supplier)
    user, account = held_account(supplier=supplier)
    meter = make_meter(account, value="1000", on="2026-10-25", serial_number="77")
    MeterScale.objects.create(supplier=supplier, meter=meter, zone="T2", name="ночь")

    lines = bill(user, account, NOVEMBER).lines

    assert [line.note for line in lines] == ["ВК-G4 № 77", "ВК-G4 № 77, ночь"]
    assert [line.previous_m3 for line in lines] == [1000, None]


def test_a_removed_meter_has_no_line_to_fill_in():
    user, account = held_account()
    make_meter(account, removed_on="2026-10-31")

    assert list(bill(user, account, NOVEMBER).lines) == []


def test_a_charge_that_the_supplier_made_itself_shows_the_reading_of_its_month():
    user, account, _reading = metered_account(billing=Supplier.Billing.EXTERNAL)
    make_charge(account, "130.00", period="2026-10", kind=Charge.Kind.IMPORTED, volume_m3=Decimal(28))

    [line] = bill(user, account).lines

    assert (line.current_m3, line.previous_m3, line.amount_rub) == (1262, 1234, Decimal("130.00"))


def test_settlement_accounts_stand_before_those_for_agents():
    user, account = held_account()
    make_bank_details(account.supplier, channel="agent", account_number="40821810800120000001", position=1)
    make_bank_details(account.supplier, position=2)

    assert [details.is_agent for details in bill(user, account, NOVEMBER).requisites] == [False, True]


@pytest.mark.parametrize("period", [Month(2026, 12), Month(2015, 1)])
def test_there_is_no_bill_of_a_month_to_come_or_of_one_before_the_account(period):
    user, account = held_account()
    make_charge(account, "122.50", period="2026-10")

    with pytest.raises(NotFound):
        bill(user, account, period)


def test_a_stranger_is_told_there_is_no_such_bill():
    _user, account = held_account()
    make_charge(account, "122.50", period="2026-10")
    stranger = make_user()

    with pytest.raises(NotFound):
        bill(stranger, account)
    with pytest.raises(NotFound):
        queries.bill_months(account.supplier_id, account.id, visible_to=stranger, now=NOW)


def test_without_a_proof_there_is_no_bill():
    user, account = held_account(AccountAccess.Level.LITE)
    make_charge(account, "122.50", period="2026-10")

    with pytest.raises(FullAccessRequired):
        bill(user, account)
    with pytest.raises(FullAccessRequired):
        queries.bill_months(account.supplier_id, account.id, visible_to=user, now=NOW)


def test_months_are_listed_newest_first_with_the_present_one_open():
    user, account = held_account()
    make_charge(account, "100.00", period="2026-09")
    pay(account, "100.00", "2026-10-05")
    make_charge(account, "122.50", period="2026-10")

    months = queries.bill_months(account.supplier_id, account.id, visible_to=user, now=NOW)

    assert [(str(month.period), month.charged_rub, month.closing_rub, month.is_blank) for month in months] == [
        ("2026-11", 0, Decimal("122.50"), True),
        ("2026-10", Decimal("122.50"), Decimal("122.50"), False),
        ("2026-09", Decimal("100.00"), Decimal("100.00"), False),
    ]


def test_a_closed_account_has_no_open_month():
    user, account = held_account(closed_on="2026-09-30")
    make_charge(account, "100.00", period="2026-09")
    pay(account, "100.00", "2026-10-05")

    months = queries.bill_months(account.supplier_id, account.id, visible_to=user, now=NOW)

    assert [str(month.period) for month in months] == ["2026-10", "2026-09"]


@pytest.mark.parametrize(("moment", "latest"), [("2026-11-30 23:59", "2026-11"), ("2026-12-01 00:00", "2026-12")])
def test_the_present_month_is_by_the_suppliers_calendar(moment, latest):
    user, account = held_account()

    months = queries.bill_months(account.supplier_id, account.id, visible_to=user, now=at(moment))

    assert str(months[0].period) == latest


def test_a_bill_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    user, account, _reading = metered_account()
    for month in ("2026-07", "2026-08", "2026-09", "2026-10"):
        make_charge(account, "100.00", period=month)

    with django_assert_max_num_queries(14):
        bill(user, account)


def test_a_paid_payment_is_proven_to_its_payer():
    user, account = held_account(number="702062012")
    payment = make_payment(account, user, "100.00", state="paid", paid_at=at("2026-11-22 12:03"))

    words = words_of(queries.payment_proof_pdf(payment.public_id, visible_to=user))

    for part in (str(payment.public_id), "22 ноября 2026, 12:03", "702062012", "Петров Иван Сергеевич", "100,00 ₽"):
        assert part in words


def test_a_proof_shows_no_more_of_the_payer_than_the_account_does():
    user, account = held_account(AccountAccess.Level.LITE)
    payment = make_payment(account, user, state="paid")

    words = words_of(queries.payment_proof_pdf(payment.public_id, visible_to=user))

    assert "Петров" not in words
    assert "кв. 7" not in words


def test_the_letter_has_the_same_proof_even_after_the_account_was_detached():
    user, account = held_account()
    payment = make_payment(account, user, "100.00", state="paid")
    AccountAccess.objects.all().delete()

    words = words_of(queries.payment_proof_pdf_by_id(payment.supplier_id, payment.id))

    assert "100,00 ₽" in words
    assert "Петров" not in words


@pytest.mark.parametrize("state", ["intended", "open", "failed"])
def test_what_is_not_paid_is_not_proven(state):
    user, account = held_account()
    payment = make_payment(account, user, state=state)

    with pytest.raises(NotFound):
        queries.payment_proof_pdf(payment.public_id, visible_to=user)


def test_nobody_else_gets_the_proof():
    user, account = held_account()
    payment = make_payment(account, user, state="paid")
    family = make_user()
    make_access(family, account)

    with pytest.raises(NotFound):
        queries.payment_proof_pdf(payment.public_id, visible_to=family)


@pytest.mark.parametrize(
    ("charged_on", "pay_by"), [("2026-11-16", dt.date(2026, 11, 16)), ("2026-11-17", dt.date(2026, 12, 15))]
)
def test_a_month_that_was_charged_after_its_day_to_pay_is_to_be_paid_by_the_next_one(charged_on, pay_by):
    user, account = held_account()
    make_charge(account, "50", kind=Charge.Kind.ADJUSTMENT, charged_on=dt.date(2026, 10, 20))
    make_charge(account, "300", charged_on=dt.date.fromisoformat(charged_on))

    assert bill(user, account).pay_by == pay_by
