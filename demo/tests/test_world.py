"""The world of the demonstration: believable, the same each time, and right to the kopeck."""

import datetime as dt
import itertools
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max, Q, Sum
from django.test import RequestFactory, TestCase
from django.utils.module_loading import import_string

from demo import gateway, world
from demo.context import demo
from demo.people import PEOPLE, STAFF, STAFF_SECRET, STORY_ACCOUNTS
from demo.suppliers import SUPPLIERS
from kabinet.accounts import queries as accounts
from kabinet.accounts import rules as account_rules
from kabinet.accounts.models import Account, ProofValue
from kabinet.charges import queries as charges
from kabinet.charges import rules as charge_rules
from kabinet.charges.models import Allocation, Charge, DraftCharge
from kabinet.common.money import to_kopecks
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter, MeterScale, Reading
from kabinet.payments.models import Chargeback, Payment, Payout, ReceiptTerms, ReconciliationDay, Refund, Shop
from kabinet.payments.queries.health import owed_by_gateway_rub
from kabinet.payments.queries.office import desk
from kabinet.payments.queries.office.desk import Waiting
from kabinet.people.models import User
from kabinet.people.queries.staff import staff_card
from kabinet.people.rules.passwords import ORIGIN, password_problem
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers import rules as supplier_rules
from kabinet.suppliers.models import BankDetails, Service, Supplier
from kabinet.tariffs import queries as tariffs
from sandbox.store import Store

ACCOUNTS = 100
STORY_NUMBERS = [held.number for held in STORY_ACCOUNTS]


def notice_account() -> Account:
    return Account.objects.select_related("supplier").get(supplier__code="gmr-spb", number="702062012")


def _last_month_rub(account: Account) -> Decimal:
    of_account = Charge.objects.filter(account=account)
    last = of_account.aggregate(last=Max("period"))["last"]
    return of_account.filter(period=last).aggregate(total=Sum("amount_rub"))["total"]


class TestTheWorld(TestCase):
    """One world for all of them: it takes seconds to build, and every test leaves it as it was."""

    @classmethod
    def setUpTestData(cls) -> None:
        world.build(accounts=ACCOUNTS, now=NOW)

    def test_the_suppliers_of_the_instruction_are_there_with_their_accounts(self):
        by_name = dict(Supplier.objects.values_list("name", "code"))

        assert set(by_name) == {
            "Газпром межрегионгаз Санкт-Петербург",
            "Межрегионгаз Воронеж",
            "Межрегионгаз Жигулевск",
            "Межрегионгаз Иваново",
            "Межрегионгаз Ижевск",
            "Межрегионгаз Йошкар-Ола",
            "Межрегионгаз Калуга",
            "Межрегионгаз Краснодар",
            "Межрегионгаз Кемерово",
            "Межрегионгаз Киров",
        }
        assert world.built_accounts() == ACCOUNTS

    def test_the_details_of_the_printed_notice_are_there(self):
        supplier = Supplier.objects.get(code="gmr-spb")

        details = set(
            BankDetails.objects.filter(supplier=supplier).values_list(
                "channel", "account_number", "correspondent_account", "bic"
            )
        )

        assert (supplier.inn, supplier.form_name) == ("7838016481", "2А ГАЗ 012")
        assert ("bank", "40702810900120001210", "30101810300000000853", "044030853") in details
        assert ("agent", "40821810800120000001", "30101810300000000853", "044030853") in details

    def test_every_check_digit_is_right(self):
        for supplier in Supplier.objects.all():
            assert supplier_rules.inn_problem(supplier.inn) is None
            assert supplier_rules.kpp_problem(supplier.kpp) is None
        for details in BankDetails.objects.all():
            assert supplier_rules.bic_problem(details.bic) is None
            assert supplier_rules.account_problem(details.account_number, details.bic) is None
            assert supplier_rules.correspondent_problem(details.correspondent_account, details.bic) is None

    def test_every_account_number_has_the_format_of_its_supplier(self):
        cards = {supplier.id: suppliers.supplier_card(supplier.id) for supplier in Supplier.objects.all()}

        for account in Account.objects.all():
            card = cards[account.supplier_id]
            assert card.number_problem(account.number) is None
            assert card.number_normalised(account.number) == account.number

    def test_each_kind_of_proof_and_of_format_has_a_supplier_that_shows_it(self):
        assert {supplier.proof for supplier in SUPPLIERS} == {"none", "meter_serial", "last_charge", "surname"}
        assert {supplier.access_without_proof for supplier in SUPPLIERS} == {"none", "lite", "full"}
        assert {supplier.numbers.check for supplier in SUPPLIERS} == {"none", "mod11", "luhn"}
        assert {supplier.billing for supplier in SUPPLIERS} == {"kabinet", "external"}
        assert len({supplier.time_zone for supplier in SUPPLIERS}) > 1

    def test_the_account_of_the_notice_owes_what_the_notice_prints(self):
        account = notice_account()

        last = Reading.objects.filter(account=account).latest("taken_on")
        [charge] = charges.charges_of_month(account.supplier_id, account.id, Month(2026, 10))

        assert (last.previous_m3, last.value_m3, last.volume_m3) == (1234, 1262, 28)
        assert charge.formula.replace("\xa0", " ") == "28 м³ × 4,37507 ₽/м³ = 122,50 ₽"
        assert ledger.balance_rub(account.supplier_id, account.id) == Decimal("122.50")

    def test_the_history_is_three_years_long_and_ends_with_the_last_month(self):
        account = notice_account()

        periods = Charge.objects.filter(account=account).values_list("period", flat=True).distinct().order_by("period")

        assert (str(periods[0]), str(list(periods)[-1]), len(periods)) == ("2023-11", "2026-10", 36)
        assert not Reading.objects.filter(taken_on__gte="2026-11-01", status="accepted").exists()

    def test_every_charge_is_what_accrual_would_have_made_of_its_reading(self):
        gas = {service.supplier_id: service.id for service in Service.objects.filter(is_main=True)}
        readings = Reading.objects.filter(supplier__billing="kabinet", used_from__isnull=False, status="accepted")
        readings = readings.exclude(account__number__in=STORY_NUMBERS).select_related("account", "supplier")

        for reading in readings:
            until = reading.taken_on + dt.timedelta(days=1)
            prices = tariffs.prices_between(
                reading.supplier_id,
                gas[reading.supplier_id],
                reading.account.usage_purpose_code,
                since=reading.used_from,
                until=until,
            )
            lines = charge_rules.metered_lines(
                volume_m3=reading.volume_m3, since=reading.used_from, until=until, prices=prices
            )
            has_waited = reading.supplier.code == "mrg-izhevsk" and str(Month.of(reading.taken_on)) == "2026-10"
            lines_of_reading = DraftCharge if has_waited else Charge
            stored = lines_of_reading.objects.filter(supplier_id=reading.supplier_id, reading=reading)
            stored = stored.order_by("line_no")
            assert [
                (charge.volume_m3, charge.price_rub_per_m3, charge.amount_rub, charge.formula) for charge in stored
            ] == [
                (line.volume_m3, line.price_rub_per_m3, line.amount_rub, charge_rules.formula(line)) for line in lines
            ]

    def test_every_line_explains_itself(self):
        for account in Account.objects.filter(supplier__code__in=["gmr-spb", "mrg-kaluga"], closed_on=None)[:10]:
            for card in charges.charges_of_month(account.supplier_id, account.id, Month(2026, 10)):
                assert card.formula
                assert card.rule_source
                assert card.kind != "metered" or "Предыдущее, на" in card.explanation.steps[2].name

    def test_readings_follow_one_another_on_every_dial(self):
        for scale in MeterScale.objects.all()[:40]:
            readings = list(Reading.objects.filter(scale=scale).order_by("taken_on"))
            assert readings[0].source == "opening"
            for before, after in itertools.pairwise(readings):
                assert after.previous_m3 == before.value_m3
                assert after.used_from == before.taken_on + dt.timedelta(days=1)
                assert (after.value_m3 - after.previous_m3) % 100_000 == after.volume_m3
                assert after.is_rollover == (after.value_m3 < after.previous_m3)

    def test_more_gas_is_used_in_january_than_in_july(self):
        used = Reading.objects.filter(account__usage_purpose_code="heating", used_from__isnull=False)
        in_january = used.filter(taken_on__month=1).aggregate(total=Sum("volume_m3"))["total"]
        in_july = used.filter(taken_on__month=7).aggregate(total=Sum("volume_m3"))["total"]

        assert in_january > 8 * in_july

    def test_the_ledger_agrees_with_itself_and_with_every_document(self):
        for check in settings.LEDGER_CHECKS:
            assert import_string(check)() == []

    def test_what_is_owed_is_what_was_charged_and_not_paid(self):
        for account in Account.objects.all():
            unpaid = sum(item.amount_rub for item in charges.unpaid_charges(account.supplier_id, account.id))
            balance = ledger.balance_rub(account.supplier_id, account.id)
            assert balance == unpaid or (balance < 0 and unpaid == 0)

    def test_allocations_are_what_their_charges_say_was_settled(self):
        settled = Charge.objects.filter(settled_rub__gt=0).aggregate(total=Sum("settled_rub"))["total"]

        assert Allocation.objects.aggregate(total=Sum("amount_rub"))["total"] == settled

    def test_people_can_sign_in_with_passwords_that_obey_the_instruction(self):
        for person in PEOPLE:
            assert password_problem(person.password, policy=ORIGIN, has_second_factor=False, is_common=False) is None
            assert User.objects.get(email=person.email).check_password(person.password)

    def test_people_have_their_accounts_in_their_order(self):
        for person in PEOPLE:
            cards = accounts.accounts_of(User.objects.get(email=person.email))
            assert [(card.supplier_code, card.number, card.alias, card.level) for card in cards] == [
                (held.supplier_code, held.number, held.alias, held.level) for held in person.accounts
            ]

    def test_those_with_a_cabinet_have_paid_in_it(self):
        ivan = User.objects.get(email="ivan@example.test")

        payments = Payment.objects.filter(basket__user=ivan)

        assert payments.count() == 35
        assert set(payments.values_list("state", flat=True)) == {"paid"}
        assert not payments.exclude(amount_rub=F("shared_rub")).exists()

    def test_a_crowd_has_paid_in_the_cabinet_lately(self):
        of_crowd = Payment.objects.filter(basket__user__email__startswith="resident", state="paid")

        assert of_crowd.count() > 10
        assert not of_crowd.filter(paid_at__gt=NOW).exists()
        assert not User.objects.get(email="resident0@example.test").has_usable_password()

    def test_each_shop_that_a_visitor_may_meet_is_there(self):
        shops = {shop.supplier.code: shop for shop in Shop.objects.select_related("supplier")}

        assert shops["gmr-spb"].saves_methods
        assert shops["mrg-kirov"].gateway == "sberbank"
        assert shops["mrg-kirov"].callback_key
        assert shops["mrg-voronezh"].sends_payment_order
        assert shops["mrg-krasnodar"].payer_commission_percent == Decimal("1.50")
        assert shops["mrg-kaluga"].sends_receipts
        assert ReceiptTerms.objects.filter(supplier=shops["mrg-kaluga"].supplier_id, valid_until=None).count() == 6

    def test_staff_have_their_roles_and_the_code_of_the_sign_in_page_is_theirs(self):
        request = RequestFactory().get("/")
        request.now = NOW
        code = demo(request)["demo"].staff_code

        for employee in STAFF:
            user = User.objects.get(email=employee.email)
            assert user.check_password(employee.password)
            assert [(row.role, bool(row.supplier_name)) for row in staff_card(user).roles] == [
                (employee.role, bool(employee.supplier_code))
            ]
            secret = Authenticator.objects.get(user=user).wrap().instance.data["secret"]
            assert get_adapter().decrypt(secret) == STAFF_SECRET
        assert len(code) == 6

    def test_something_waits_for_the_staff_of_the_first_supplier(self):
        accountant = User.objects.get(email=STAFF[0].email)
        waiting = desk(NOW.date(), visible_to=accountant)

        assert waiting.suspense == Waiting(2, Decimal("2060.00"))
        assert waiting.refunds.count == 1
        assert (waiting.open_days, waiting.oldest_open_day) == (1, NOW.date() - dt.timedelta(days=2))
        assert Refund.objects.filter(state="done").count() == 1
        assert Chargeback.objects.count() == 1
        assert ReconciliationDay.objects.filter(state="closed").count() == 12
        assert Payout.objects.count() > 3

    def test_what_gateways_owe_by_the_ledger_is_what_documents_say(self):
        for shop in Shop.objects.all():
            assert owed_by_gateway_rub(shop) == ledger.supplier_balance_rub(shop.supplier_id, "clearing", shop.shop_id)

    def test_the_sandbox_knows_every_old_payment(self):
        with TemporaryDirectory() as folder:
            gateway.fill(Path(folder))
            gateway.fill(Path(folder))
            with closing(Store(Path(folder) / "sandbox.sqlite3")) as store, store.transaction() as db:
                [known] = db.execute("SELECT count(*) FROM payments WHERE status = 'succeeded'").fetchone()
                [gone] = db.execute("SELECT sum(refunded_kopecks + charged_back_kopecks) FROM payments").fetchone()

        assert known == Payment.objects.filter(state="paid").count() + 2
        assert gone == to_kopecks(Refund.objects.get(state="done").amount_rub + Chargeback.objects.get().amount_rub)

    def test_the_oddities_that_the_demonstration_promises_are_there(self):
        oleg = Account.objects.get(supplier__code="gmr-spb", number="702062014")
        maria = Account.objects.get(supplier__code="gmr-spb", number="702062015")
        dacha = Account.objects.get(supplier__code="mrg-kaluga", number="40100000")

        assert ledger.balance_rub(oleg.supplier_id, oleg.id) < 0
        assert Meter.objects.get(account=oleg).verification_due_on < NOW.date()
        assert maria.closed_on is not None
        assert not Reading.objects.filter(account=maria, taken_on__gt=maria.closed_on).exists()
        assert ledger.balance_rub(maria.supplier_id, maria.id) == 0
        assert MeterScale.objects.filter(meter__account=dacha).count() == 2
        assert len(ledger.balances_by_service(dacha.supplier_id, dacha.id)) == 2
        assert len(charges.unpaid_charges(dacha.supplier_id, dacha.id)) > 2

    def test_an_owner_can_prove_what_the_supplier_asks_for(self):
        for supplier in Supplier.objects.exclude(proof="none"):
            account = Account.objects.filter(supplier=supplier).first()
            known = {
                "surname": account.surname,
                "meter_serial": Meter.objects.get(account=account).serial_number,
                "last_charge": _last_month_rub(account),
            }[supplier.proof]
            value_hash = account_rules.proof_hash(
                supplier.id, account.id, supplier.proof, account_rules.canonical_proof(supplier.proof, str(known))
            )
            assert list(ProofValue.objects.filter(account=account).values_list("kind", "value_hash")) == [
                (supplier.proof, value_hash)
            ]

    def test_a_world_that_is_there_is_counted_and_a_strangers_database_is_refused(self):
        assert world.built_accounts() == ACCOUNTS
        with transaction.atomic():
            Supplier.objects.filter(code="gmr-spb").update(code="somebody-else")
            with pytest.raises(world.NotEmpty):
                world.built_accounts()
            transaction.set_rollback(True)

    def test_foreign_keys_are_back_and_every_row_belongs_to_one_supplier(self):
        assert not Charge.objects.exclude(Q(reading=None) | Q(reading__supplier_id=F("supplier_id"))).exists()
        with transaction.atomic():
            Reading.objects.filter(source="opening").update(account_id=-1)
            with pytest.raises(IntegrityError):
                connection.check_constraints()
            transaction.set_rollback(True)
