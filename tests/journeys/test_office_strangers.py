"""Who of the staff gets in where: every address of the office, opened by each role and by those who have nothing there.

A new address fails `test_every_address_of_the_office_is_in_the_table` until it says here what it answers.
"""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import AccrualRun, Oddity, Proposal
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.meters.models import Meter, Reading
from kabinet.meters.tests.factories import make_meter, make_photo, make_reading
from kabinet.notices.models import Notice
from kabinet.notices.tests.factories import make_notice
from kabinet.payments.models import DayLine, Payment, ReconciliationDay, Refund, ShopSwitch, SuspendedSum
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.people.models import Invitation, User
from kabinet.people.rules import rights
from kabinet.people.tests.factories import make_staff, make_user
from kabinet.registers.formats.ready import READY
from kabinet.registers.models import FormatProfile, OutgoingRegister, Register
from kabinet.registers.usecases.make_register import make_register
from kabinet.registers.usecases.upload_register import upload_register
from kabinet.suppliers.models import BankDetailsChange, Service
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier
from kabinet.support.models import AnswerTemplate, Question
from kabinet.support.tests.factories import make_question
from kabinet.tariffs.models import Benefit, TermsProposal
from kabinet.tariffs.tests.factories import make_benefit
from kabinet.tariffs.usecases.propose_terms import propose_terms
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on
from tests.journeys.test_strangers import rows
from tests.routes import routes_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Matters:
    """What one supplier has in its office."""

    payment: Payment
    refund: Refund
    suspended: SuspendedSum
    line: DayLine
    run: AccrualRun
    meter: Meter
    reading: Reading
    question: Question
    ready_answer: AnswerTemplate
    notice: Notice
    benefit: Benefit
    invitation: Invitation
    register: Register
    format_profile: FormatProfile
    outgoing: OutgoingRegister
    change: BankDetailsChange
    proposal: Proposal
    terms: TermsProposal
    switch: ShopSwitch

    @property
    def supplier_id(self) -> int:
        return self.payment.supplier_id


Ids = Callable[[Matters], list[Any]]


def nothing(own: Matters) -> list[Any]:
    return []


def of_payment(own: Matters) -> list[Any]:
    return [own.payment.public_id]


def of_refund(own: Matters) -> list[Any]:
    return [own.refund.public_id]


def of_sum(own: Matters) -> list[Any]:
    return [own.supplier_id, own.suspended.id]


def of_day(own: Matters) -> list[Any]:
    return [own.supplier_id, own.payment.shop_id, own.line.reconciliation_day.day]


def of_line(own: Matters) -> list[Any]:
    return [*of_day(own), own.line.id]


def of_supplier(own: Matters) -> list[Any]:
    return [own.supplier_id]


def of_register(own: Matters) -> list[Any]:
    return [own.supplier_id, own.register.id]


def of_outgoing(own: Matters) -> list[Any]:
    return [own.supplier_id, own.outgoing.id]


def of_dispatch(own: Matters) -> list[Any]:
    return [own.supplier_id, "readings"]


def of_format(own: Matters) -> list[Any]:
    return [own.supplier_id, own.format_profile.id]


def of_kind_of_registers(own: Matters) -> list[Any]:
    return [own.supplier_id, "payments"]


def of_benefit(own: Matters) -> list[Any]:
    return [own.supplier_id, own.benefit.id]


def of_invitation(own: Matters) -> list[Any]:
    return [own.invitation.id]


def of_settings(own: Matters) -> list[Any]:
    return [own.supplier_id, "readings"]


def of_details(own: Matters) -> list[Any]:
    return [own.supplier_id, own.change.replaced_id]


def of_change(own: Matters) -> list[Any]:
    return [own.supplier_id, own.change.id]


def of_shop(own: Matters) -> list[Any]:
    return [own.supplier_id, own.payment.shop_id]


def of_switch(own: Matters) -> list[Any]:
    return [own.supplier_id, own.switch.id]


def of_role(own: Matters) -> list[Any]:
    return [own.invitation.invited_by.staff_roles.get().id]


def of_run(own: Matters) -> list[Any]:
    return [own.supplier_id, own.run.id]


def of_oddity(own: Matters) -> list[Any]:
    return [*of_run(own), "silent"]


def of_proposal(own: Matters) -> list[Any]:
    return [own.supplier_id, own.proposal.id]


def of_photo(own: Matters) -> list[Any]:
    return [*of_reading(own), "large"]


def of_terms(own: Matters) -> list[Any]:
    return [own.supplier_id, own.terms.id]


def of_reading(own: Matters) -> list[Any]:
    return [own.supplier_id, own.reading.id]


def of_question(own: Matters) -> list[Any]:
    return [own.question.id]


def of_ready_answer(own: Matters) -> list[Any]:
    return [own.ready_answer.id]


def of_notice(own: Matters) -> list[Any]:
    return [own.supplier_id, own.notice.id]


def of_account(own: Matters) -> list[Any]:
    return [own.supplier_id, own.meter.account_id]


def of_month(own: Matters) -> list[Any]:
    return [*of_account(own), "2026-10"]


def of_act(own: Matters) -> list[Any]:
    return [*of_account(own), "residents"]


def of_act_on_meter(own: Matters) -> list[Any]:
    return [*of_account(own), "reading", own.meter.id]


@dataclass(frozen=True)
class Door:
    """An address of the office, and the status that each role gets there. Empty POSTs are refused, not obeyed."""

    ids: Ids
    accountant: int = 200
    support: int = 200
    manager: int = 200
    operator: int = 200
    helpdesk: int = 200
    method: str = "get"


ROLES = ("accountant", "support", "manager", "operator", "helpdesk")
BY_ACCOUNTANTS = {"support": 403, "manager": 403, "operator": 403, "helpdesk": 403}
AT_A_SUPPLIER = {"operator": 403, "helpdesk": 403}
BY_MANAGERS = {"accountant": 403, "support": 403, "helpdesk": 403}
BY_OPERATORS = {"accountant": 403, "support": 403, "manager": 403, "helpdesk": 403}
BY_A_MANAGER = {"operator": 403, **BY_MANAGERS}
BY_BANKERS = {"support": 403, **AT_A_SUPPLIER}
BY_KEEPERS = {"manager": 403, **AT_A_SUPPLIER}
BY_ANSWERERS = {"accountant": 403, "operator": 403}
ANSWERED = {"support": 302, "manager": 302, "helpdesk": 302, **BY_ANSWERERS}

DOORS = {
    "home": Door(nothing),
    "payments": Door(nothing),
    "payment": Door(of_payment),
    "payment_settle": Door(of_payment, method="post", **dict.fromkeys(ROLES, 302)),
    "payment_alarm": Door(of_payment, accountant=302, method="post", **BY_ACCOUNTANTS),
    "payment_capture": Door(of_payment, **BY_ACCOUNTANTS),
    "payment_release": Door(of_payment, **BY_ACCOUNTANTS),
    "payment_refund": Door(of_payment, **BY_ACCOUNTANTS),
    "payment_chargeback": Door(of_payment, **BY_ACCOUNTANTS),
    "suspense": Door(nothing),
    "suspended": Door(of_sum),
    "suspended_allocate": Door(of_sum, **BY_ACCOUNTANTS),
    "suspended_refund": Door(of_sum, **BY_ACCOUNTANTS),
    "refunds": Door(nothing),
    "refund": Door(of_refund),
    "refund_approve": Door(of_refund, accountant=422, method="post", **BY_ACCOUNTANTS),
    "refund_withdraw": Door(of_refund, accountant=422, method="post", **BY_ACCOUNTANTS),
    "days": Door(nothing),
    "day": Door(of_day),
    "day_reconcile": Door(of_day, accountant=302, method="post", **BY_ACCOUNTANTS),
    "day_register": Door(of_day, accountant=422, method="post", **BY_ACCOUNTANTS),
    "day_note": Door(of_line, accountant=422, method="post", **BY_ACCOUNTANTS),
    "day_close": Door(of_day, accountant=422, method="post", **BY_ACCOUNTANTS),
    "payouts": Door(nothing),
    "payout_record": Door(nothing, **BY_ACCOUNTANTS),
    "accruals": Door(nothing, **BY_ACCOUNTANTS),
    "accrual_start": Door(nothing, **BY_ACCOUNTANTS),
    "accrual_correct": Door(nothing, **BY_ACCOUNTANTS),
    "accrual": Door(of_run, **BY_ACCOUNTANTS),
    "accrual_oddities": Door(of_oddity, **BY_ACCOUNTANTS),
    "accrual_release": Door(of_run, accountant=422, method="post", **BY_ACCOUNTANTS),
    "accrual_checked": Door(of_run, accountant=302, method="post", **BY_ACCOUNTANTS),
    "accrual_cancel": Door(of_run, accountant=302, method="post", **BY_ACCOUNTANTS),
    "accrual_again": Door(of_run, accountant=302, method="post", **BY_ACCOUNTANTS),
    "accrual_rerun": Door(of_run, accountant=422, method="post", **BY_ACCOUNTANTS),
    "proposals": Door(nothing, **BY_BANKERS),
    "proposal": Door(of_proposal, **BY_BANKERS),
    "proposal_approve": Door(of_proposal, accountant=302, manager=302, method="post", **BY_BANKERS),
    "proposal_decline": Door(of_proposal, **BY_BANKERS),
    "proposal_withdraw": Door(of_proposal, accountant=404, method="post", **BY_ACCOUNTANTS),
    "registers": Door(nothing, **BY_ACCOUNTANTS),
    "register_upload": Door(nothing, **BY_ACCOUNTANTS),
    "register_formats": Door(nothing, **BY_ACCOUNTANTS),
    "register_format_delete": Door(of_format, accountant=302, method="post", **BY_ACCOUNTANTS),
    "register_sample": Door(of_kind_of_registers, **BY_ACCOUNTANTS),
    "register_limits": Door(of_kind_of_registers, **BY_ACCOUNTANTS),
    "register": Door(of_register, **BY_ACCOUNTANTS),
    "register_format": Door(of_register, **BY_ACCOUNTANTS),
    "register_format_edit": Door(of_register, **BY_ACCOUNTANTS),
    "register_lines": Door(of_register, **BY_ACCOUNTANTS),
    "register_approve": Door(of_register, accountant=422, method="post", **BY_ACCOUNTANTS),
    "register_cancel": Door(of_register, accountant=302, method="post", **BY_ACCOUNTANTS),
    "register_undo": Door(of_register, **BY_ACCOUNTANTS),
    "register_undo_approve": Door(of_register, accountant=422, method="post", **BY_ACCOUNTANTS),
    "register_undo_withdraw": Door(of_register, accountant=302, method="post", **BY_ACCOUNTANTS),
    "register_refused": Door(of_register, accountant=404, **BY_ACCOUNTANTS),
    "register_file": Door(of_register, **BY_ACCOUNTANTS),
    "outgoing": Door(nothing, **BY_ACCOUNTANTS),
    "outgoing_register": Door(of_outgoing, **BY_ACCOUNTANTS),
    "outgoing_file": Door(of_outgoing, **BY_ACCOUNTANTS),
    "outgoing_resend": Door(of_outgoing, accountant=422, method="post", **BY_ACCOUNTANTS),
    "outgoing_resend_lines": Door(of_outgoing, accountant=422, method="post", **BY_ACCOUNTANTS),
    "outgoing_acknowledge": Door(of_outgoing, accountant=302, method="post", **BY_ACCOUNTANTS),
    "outgoing_book": Door(of_outgoing, accountant=422, method="post", **BY_ACCOUNTANTS),
    "outgoing_make": Door(of_dispatch, accountant=302, method="post", **BY_ACCOUNTANTS),
    "dispatch": Door(of_dispatch, **BY_ACCOUNTANTS),
    "dispatch_check": Door(of_dispatch, accountant=404, method="post", **BY_ACCOUNTANTS),
    "dispatch_trust": Door(of_dispatch, accountant=404, method="post", **BY_ACCOUNTANTS),
    "questions": Door(nothing, **BY_ANSWERERS),
    "question": Door(of_question, **BY_ANSWERERS),
    "question_assign": Door(of_question, method="post", **ANSWERED),
    "question_unlock": Door(of_question, support=404, manager=404, helpdesk=404, **BY_ANSWERERS),
    "question_close": Door(of_question, method="post", **ANSWERED),
    "ready_answers": Door(nothing, **BY_ANSWERERS),
    "ready_answer_add": Door(nothing, **BY_ANSWERERS),
    "ready_answer": Door(of_ready_answer, **BY_ANSWERERS),
    "ready_answer_delete": Door(of_ready_answer, method="post", **ANSWERED),
    "notices": Door(nothing, **BY_MANAGERS, operator=403),
    "notice_add": Door(nothing, **BY_MANAGERS, operator=403),
    "notice": Door(of_notice, **BY_MANAGERS, operator=403),
    "notice_change": Door(of_notice, **BY_MANAGERS, operator=403),
    "notice_try": Door(of_notice, manager=302, method="post", **BY_MANAGERS, operator=403),
    "notice_send": Door(of_notice, manager=422, method="post", **BY_MANAGERS, operator=403),
    "notice_stop": Door(of_notice, manager=302, method="post", **BY_MANAGERS, operator=403),
    "notice_delete": Door(of_notice, manager=302, method="post", **BY_MANAGERS, operator=403),
    "readings": Door(nothing, **BY_KEEPERS),
    "reading": Door(of_reading, **BY_KEEPERS),
    "reading_ask_photo": Door(of_reading, accountant=302, support=302, method="post", **BY_KEEPERS),
    "reading_photo": Door(of_photo, **BY_KEEPERS),
    "customers": Door(nothing, operator=403),
    "account": Door(of_account, operator=403),
    "account_meters": Door(of_account, operator=403),
    "account_people": Door(of_account, operator=403),
    "account_month": Door(of_month, operator=403),
    "account_payments": Door(of_account, operator=403),
    "account_cabinets": Door(of_account, operator=403),
    "account_act": Door(of_act, **BY_KEEPERS),
    "account_act_on": Door(of_act_on_meter, **BY_KEEPERS),
    "tariffs": Door(nothing, accountant=302, support=302, manager=302, **AT_A_SUPPLIER),
    "tariff_prices": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_price_set": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_order": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_norms": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_norm_set": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_factors": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_factor_set": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_benefits": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_benefit_add": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_benefit": Door(of_benefit, **BY_ACCOUNTANTS),
    "tariff_policies": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_policy_set": Door(of_supplier, **BY_ACCOUNTANTS),
    "tariff_law": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_proposals": Door(of_supplier, **AT_A_SUPPLIER),
    "tariff_proposal": Door(of_terms, **AT_A_SUPPLIER),
    "tariff_proposal_approve": Door(of_terms, accountant=302, manager=302, method="post", **BY_BANKERS),
    "tariff_proposal_decline": Door(of_terms, **BY_BANKERS),
    "tariff_proposal_withdraw": Door(of_terms, accountant=404, method="post", **BY_ACCOUNTANTS),
    "suppliers": Door(nothing, **BY_OPERATORS),
    "supplier_add": Door(nothing, **BY_OPERATORS),
    "supplier": Door(of_supplier, **BY_OPERATORS),
    "supplier_change": Door(of_supplier, **BY_OPERATORS),
    "supplier_purpose_add": Door(of_supplier, **BY_OPERATORS),
    "settings": Door(nothing, **BY_A_MANAGER | {"manager": 302}),
    "supplier_settings": Door(of_supplier, **BY_A_MANAGER),
    "supplier_settings_change": Door(of_settings, **BY_A_MANAGER),
    "bank_details_choose": Door(nothing, accountant=302, manager=302, **BY_BANKERS),
    "bank_details": Door(of_supplier, **BY_BANKERS),
    "bank_details_add": Door(of_supplier, **BY_BANKERS),
    "bank_details_replace": Door(of_details, **BY_BANKERS),
    "bank_details_confirm": Door(of_change, accountant=302, manager=302, method="post", **BY_BANKERS),
    "bank_details_withdraw": Door(of_change, accountant=302, manager=302, method="post", **BY_BANKERS),
    "shops_choose": Door(nothing, accountant=302, manager=302, **BY_BANKERS),
    "shops": Door(of_supplier, **BY_BANKERS),
    "shop_add": Door(of_supplier, **BY_BANKERS),
    "shop": Door(of_shop, **BY_BANKERS),
    "shop_change": Door(of_shop, **BY_BANKERS),
    "shop_key": Door(of_shop, **BY_BANKERS),
    "shop_off": Door(of_shop, **BY_BANKERS),
    "shop_on": Door(of_shop, accountant=422, manager=422, method="post", **BY_BANKERS),
    "shop_switch_confirm": Door(of_switch, accountant=302, manager=302, method="post", **BY_BANKERS),
    "shop_switch_withdraw": Door(of_switch, accountant=302, manager=302, method="post", **BY_BANKERS),
    "staff": Door(nothing, **BY_MANAGERS),
    "staff_invite": Door(nothing, **BY_MANAGERS),
    "staff_take_role": Door(of_role, **BY_MANAGERS),
    "invitation_confirm": Door(of_invitation, method="post", **BY_MANAGERS | {"manager": 302, "operator": 302}),
    "invitation_again": Door(of_invitation, method="post", **BY_MANAGERS | {"manager": 422, "operator": 422}),
    "invitation_withdraw": Door(of_invitation, method="post", **BY_MANAGERS | {"manager": 302, "operator": 302}),
    "roles": Door(nothing),
    "audit": Door(nothing, accountant=403, support=403, helpdesk=403),
    "shortcuts": Door(nothing),
    "health": Door(nothing, **BY_OPERATORS),
}
WITH_IDS = {name: door for name, door in DOORS.items() if door.ids is not nothing}
every_door = pytest.mark.parametrize(("name", "door"), DOORS.items(), ids=DOORS)
#: Whatever the id, a supplier's staff are told there that another right is needed.
OF_THE_INSTALLATION = {
    name: door for name, door in WITH_IDS.items() if {door.accountant, door.support, door.manager} == {403}
}
OF_SUPPLIERS = {name: door for name, door in WITH_IDS.items() if name not in OF_THE_INSTALLATION}
every_door_with_ids = pytest.mark.parametrize(("name", "door"), WITH_IDS.items(), ids=WITH_IDS)


@pytest.fixture(autouse=True)
def in_november() -> Iterator[None]:
    with shown_on("2026-11-22"):
        yield


@pytest.fixture(autouse=True)
def no_gateway(settings: Any) -> None:
    """Nobody listens there: what asks the gateway says that it does not answer."""
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"


@pytest.fixture
def own() -> Matters:
    payment = make_payment(make_account(), make_payer(), state="paid")
    here = {"supplier_id": payment.supplier_id, "shop": payment.shop}
    refund = Refund.objects.create(
        **here,
        payment=payment,
        public_id=uuid4(),
        amount_rub=Decimal("10.00"),
        state="done",
        request_id=uuid4(),
        idempotency_key=uuid4(),
        gateway_refund_id="remote-refund",
        created_at=NOW,
        intended_at=NOW,
        done_at=NOW,
    )
    suspended = SuspendedSum.objects.create(
        **here,
        gateway_payment_id="foreign",
        reason="foreign",
        amount_rub=Decimal("50.00"),
        came_on=NOW.date(),
        created_at=NOW,
    )
    day = ReconciliationDay.objects.create(**here, day=dt.date(2026, 11, 20))
    line = DayLine.objects.create(
        supplier_id=payment.supplier_id, reconciliation_day=day, finding="theirs_foreign", subject="foreign"
    )
    account = payment.shares.get().account
    run = AccrualRun.objects.create(
        supplier_id=payment.supplier_id, period=Month(2026, 10), asked_at=NOW, state="ready"
    )
    Oddity.objects.create(supplier_id=payment.supplier_id, run=run, account=account, kind="silent")
    meter = make_meter(account)
    reading = make_reading(meter, "1900", on="2026-11-20", status="questionable")
    make_photo(reading)
    question = make_question(make_user(), supplier=payment.supplier, account=account)
    ready_answer = AnswerTemplate.objects.create(supplier=payment.supplier, title="Оплата идёт", text="Ждём.")
    return Matters(
        payment,
        refund,
        suspended,
        line,
        run,
        meter,
        reading,
        question,
        ready_answer,
        make_notice(payment.supplier),
        make_benefit(payment.supplier),
        invite(payment),
        bring_register(payment),
        FormatProfile.objects.create(
            supplier=payment.supplier, kind=READY[0].kind, name="Наш", spec=READY[0].to_json(), changed_at=NOW
        ),
        tell_of_a_reading(meter),
        ask_for_other_details(payment),
        propose_less(payment),
        propose_factor(payment),
        ask_for_another_shop(payment),
    )


def ask_for_other_details(payment: Payment) -> BankDetailsChange:
    """Ask to send money elsewhere; who did it is none of those who knock."""
    return BankDetailsChange.objects.create(
        supplier=payment.supplier,
        replaced=make_bank_details(payment.supplier),
        bic="044030853",
        account_number="40702810900120001210",
        asked_by=make_member("manager", payment.supplier),
        asked_at=NOW,
    )


def ask_for_another_shop(payment: Payment) -> ShopSwitch:
    """Ask to take money by another shop; who did it is none of those who knock."""
    return ShopSwitch.objects.create(
        supplier=payment.supplier,
        shop=make_shop(payment.supplier, shop_id="100501", is_enabled=False),
        asked_by=make_member("manager", payment.supplier),
        asked_at=NOW,
    )


def propose_less(payment: Payment) -> Proposal:
    """Propose that an account owes less; who did it is none of those who knock."""
    return Proposal.objects.create(
        supplier=payment.supplier,
        account=payment.shares.get().account,
        service=Service.objects.get(supplier=payment.supplier, is_main=True),
        kind="adjustment",
        amount_rub=Decimal("-5.00"),
        reason="Акт № 5",
        owed_rub=Decimal("5.00"),
        request_id=uuid4(),
        asked_by=make_member("accountant", payment.supplier),
        asked_at=NOW,
    )


def propose_factor(payment: Payment) -> TermsProposal:
    """Propose a factor; who did it is none of those who knock."""
    return propose_terms(
        supplier_id=payment.supplier_id,
        kind="factor",
        given={
            "region_code": "",
            "factor": Decimal("1.06"),
            "valid_from": dt.date(2026, 12, 1),
            "valid_until": None,
            "source": "Приказ № 7",
            "replaces": False,
        },
        actor=make_member("accountant", payment.supplier),
        now=NOW,
    )


def bring_register(payment: Payment) -> Register:
    """Load a file that nobody has read yet."""
    content = "Лицевой счёт;Квартира\n702062012;7\n"
    return upload_register(
        supplier_id=payment.supplier_id,
        kind="accounts",
        file_name="accounts.csv",
        file=io.BytesIO(content.encode()),
        actor=None,
        now=NOW,
    )


def tell_of_a_reading(meter: Meter) -> OutgoingRegister:
    """Make a register that waits to be fetched."""
    make_reading(meter, "1850", on="2026-10-20")
    register = make_register(supplier_id=meter.supplier_id, kind="readings", actor=None, now=NOW)
    assert register is not None
    return register


def invite(payment: Payment) -> Invitation:
    """Invite somebody as support; who did it has a role as well."""
    inviter = make_member("manager", payment.supplier)
    return Invitation.objects.create(
        supplier=payment.supplier,
        role="support",
        email="new@example.ru",
        email_canonical="new@example.ru",
        invited_by=inviter,
        invited_at=NOW,
        expires_at=NOW + dt.timedelta(days=365),  # so that the letter has just gone
    )


def knock(name: str, ids: list[Any], visitor: User | None, method: str) -> Any:
    client = Client()
    if visitor:
        client.force_login(visitor)
    return getattr(client, method)(reverse(f"office:{name}", args=ids))


def test_every_address_of_the_office_is_in_the_table() -> None:
    assert {f"office:{name}" for name in DOORS} == set(routes_of("office"))


@every_door
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_the_table_of_rights_says(name: str, door: Door, role: str, own: Matters) -> None:
    member = make_member(role, None if role in rights.OF_INSTALLATION else own.payment.supplier)

    assert knock(name, door.ids(own), member, door.method).status_code == getattr(door, role)


@pytest.mark.parametrize(("name", "door"), OF_THE_INSTALLATION.items(), ids=OF_THE_INSTALLATION)
def test_what_the_installation_keeps_says_nothing_of_whose_it_is(name: str, door: Door, own: Matters) -> None:
    member = make_member("manager", make_supplier())
    nobodys = [number + 1000 for number in door.ids(own)]

    there, nowhere = (
        [knock(name, ids, member, method).status_code for method in ("get", "post")] for ids in (door.ids(own), nobodys)
    )

    assert there == nowhere
    assert set(there) == {403}


@pytest.mark.parametrize(("name", "door"), OF_SUPPLIERS.items(), ids=OF_SUPPLIERS)
def test_what_another_supplier_has_does_not_exist(name: str, door: Door, own: Matters) -> None:
    member = make_member("accountant", make_supplier())
    for role in ("manager", "support"):
        member.staff_roles.create(supplier=member.staff_roles.get(role="accountant").supplier, role=role)
    stored = rows()

    answers = {method: knock(name, door.ids(own), member, method).status_code for method in ("get", "post")}

    assert answers[door.method] == 404
    assert set(answers.values()) <= {404, 405}
    assert rows() == stored


@every_door
def test_for_a_customer_there_is_no_office(name: str, door: Door, own: Matters) -> None:
    customer = make_user()

    assert {knock(name, door.ids(own), customer, method).status_code for method in ("get", "post")} == {404}


@every_door
def test_who_was_staff_and_has_no_role_any_more_finds_nothing(name: str, door: Door, own: Matters) -> None:
    member = make_member("accountant", own.payment.supplier)
    member.staff_roles.all().delete()

    assert knock(name, door.ids(own), member, door.method).status_code == 404


@every_door
def test_who_has_not_signed_in_is_asked_to(name: str, door: Door, own: Matters) -> None:
    path = reverse(f"office:{name}", args=door.ids(own))

    answer = knock(name, door.ids(own), None, door.method)

    assert (answer.status_code, answer.headers["location"]) == (302, f"{reverse('cabinet:sign_in')}?next={path}")


@every_door
def test_staff_without_a_second_factor_set_one_up_first(name: str, door: Door, own: Matters) -> None:
    member = make_member("accountant", own.payment.supplier)
    member.authenticator_set.all().delete()

    answer = knock(name, door.ids(own), member, door.method)

    assert (answer.status_code, answer.headers["location"]) == (302, reverse("cabinet:security"))


def test_a_superuser_without_a_role_is_led_to_where_roles_are_given() -> None:
    assert knock("home", [], make_staff(), "get").headers["location"] == reverse("admin:index")
