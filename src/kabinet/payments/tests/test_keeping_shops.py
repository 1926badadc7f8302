"""Shops are written down by one person with a key that the gateway knows, and take money when another agrees."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.payments.models import Shop, ShopSwitch
from kabinet.payments.operations.shops import (
    GatewaySilent,
    KeyNotKnown,
    NotInProtocol,
    PayeeMissing,
    ReceiptTermsMissing,
    SwitchIsOver,
    TrialShopHere,
)
from kabinet.payments.queries.shops import due_switches, shop_card, shops_of, switches_to_confirm
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.payments.usecases.add_shop import ShopIsThere, add_shop
from kabinet.payments.usecases.apply_shop_switch import apply_shop_switch
from kabinet.payments.usecases.ask_shop_switch import ShopIsOn, SwitchWaits, ask_shop_switch
from kabinet.payments.usecases.change_shop import LimitOfRefunds, LimitsCross, ShopValueOutOfRange, change_shop
from kabinet.payments.usecases.confirm_shop_switch import PAUSE, SameSwitcher, confirm_shop_switch
from kabinet.payments.usecases.renew_shop_key import renew_shop_key
from kabinet.payments.usecases.switch_shop_off import switch_shop_off
from kabinet.payments.usecases.withdraw_shop_switch import withdraw_shop_switch
from kabinet.people.models import StaffRole
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
NEW = {
    "gateway": "yookassa",
    "title": "Оплата газа",
    "shop_id": "100500",
    "secret": "test_sandbox",
    "callback_key": "",
    "is_test": False,
}


@pytest.fixture
def supplier():
    return make_supplier(name="Газ Севера", email="gaz@example.ru")


def make_member(role, supplier):
    user = make_user(is_staff=True)
    StaffRole.objects.create(user=user, role=role, supplier=supplier)
    return user


@pytest.fixture
def first(supplier):
    return make_member("accountant", supplier)


@pytest.fixture
def second(supplier):
    return make_member("manager", supplier)


def idle_shop(supplier, **values):
    return make_shop(supplier, **({"is_enabled": False, "is_test": False} | values))


def add(supplier, actor, **values):
    return add_shop(supplier_id=supplier.id, actor=actor, now=NOW, **NEW | values)


def change(shop, actor, **values):
    return change_shop(supplier_id=shop.supplier_id, shop_id=shop.pk, values=values, actor=actor, now=NOW)


def renew(shop, actor, **values):
    given = {"secret": "", "callback_key": "", "drops_callback_key": False, "renews_hook": False} | values
    return renew_shop_key(supplier_id=shop.supplier_id, shop_id=shop.pk, actor=actor, now=NOW, **given)


def ask(shop, actor):
    return ask_shop_switch(supplier_id=shop.supplier_id, shop_id=shop.pk, actor=actor, now=NOW)


def decide(usecase, switch, actor, now=NOW):
    return usecase(supplier_id=switch.supplier_id, switch_id=switch.pk, actor=actor, now=now)


def apply(switch, now):
    apply_shop_switch(supplier_id=switch.supplier_id, switch_id=switch.pk, now=now)


def acts():
    return [entry.action for entry in Entry.objects.order_by("id")]


def test_a_shop_is_kept_with_a_sealed_key_and_takes_no_money(gateway, supplier, first):
    shop = add(supplier, first)

    shop.refresh_from_db()
    assert (shop.secret, shop.is_enabled, "test_sandbox" in shop.sealed_secret) == ("test_sandbox", False, False)
    [entry] = Entry.objects.all()
    assert entry.action == "shop.added"
    assert "test_sandbox" not in str(entry.details)
    assert "test_sandbox" not in repr(shops_of(supplier.id, visible_to=first))


def test_a_key_that_the_gateway_does_not_know_is_refused_and_nothing_is_kept(gateway, supplier, first):
    with pytest.raises(KeyNotKnown):
        add(supplier, first, secret="test_wrong")

    assert not Shop.objects.exists()


def test_without_an_answer_of_the_gateway_nothing_is_kept(settings, supplier, first):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    with pytest.raises(GatewaySilent):
        add(supplier, first)

    assert not Shop.objects.exists()


def test_the_same_shop_is_written_down_once(gateway, supplier, first):
    add(supplier, first)

    with pytest.raises(ShopIsThere):
        add(supplier, first, title="Ещё раз")


def test_a_signature_that_the_protocol_does_not_have_is_refused(supplier, first):
    with pytest.raises(NotInProtocol) as refused:
        add(supplier, first, callback_key="signed")

    assert refused.value.field == "callback_key"


def test_asked_confirmed_and_a_day_later_true(supplier, first, second):
    stands = make_shop(supplier, is_test=False)
    shop = idle_shop(supplier, shop_id="100501")
    switch = ask(shop, first)
    assert [card.shop_number for card in switches_to_confirm([supplier.id], not_by=second)] == ["100501"]
    assert switches_to_confirm([supplier.id], not_by=first) == []

    confirmed = decide(confirm_shop_switch, switch, second)
    assert confirmed.due_at == NOW + PAUSE
    assert due_switches(NOW + PAUSE - SECOND) == []
    apply(switch, NOW + PAUSE - SECOND)
    assert Shop.objects.get(is_enabled=True) == stands

    assert due_switches(NOW + PAUSE) == [(supplier.id, switch.pk)]
    apply(switch, NOW + PAUSE)
    apply(switch, NOW + PAUSE)

    assert Shop.objects.get(is_enabled=True) == shop
    assert acts() == ["shop.switch_asked", "shop.switch_confirmed", "shop.switched_off", "shop.switched_on"]


def test_a_shop_that_has_taken_money_before_does_not_wait_a_day(supplier, first, second):
    make_shop(supplier, is_test=False)
    account = make_account(supplier)
    make_payment(account, make_payer(), state="paid")
    shop = Shop.objects.get()
    switch_shop_off(supplier_id=supplier.id, shop_id=shop.pk, actor=first, now=NOW)

    assert decide(confirm_shop_switch, ask(shop, first), second).due_at == NOW


def test_nothing_happens_without_the_second_person(supplier, first):
    switch = ask(idle_shop(supplier), first)

    apply(switch, NOW + dt.timedelta(days=365))

    assert not Shop.objects.filter(is_enabled=True).exists()
    with pytest.raises(SameSwitcher):
        decide(confirm_shop_switch, switch, first)


def test_the_database_knows_of_the_two_people_too(supplier, first):
    switch = ask(idle_shop(supplier), first)

    for values in ({"confirmed_by": first, "due_at": NOW}, {"due_at": NOW}, {"applied_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShopSwitch.objects.filter(pk=switch.pk).update(**values)


def test_one_person_is_enough_to_stop_it(supplier, first, second):
    switch = ask(idle_shop(supplier), first)
    decide(confirm_shop_switch, switch, second)

    decide(withdraw_shop_switch, switch, first, NOW + PAUSE - SECOND)
    apply(switch, NOW + PAUSE)

    assert not Shop.objects.filter(is_enabled=True).exists()
    for act in (confirm_shop_switch, withdraw_shop_switch):
        with pytest.raises(SwitchIsOver):
            decide(act, switch, second)


def test_one_switch_at_a_time_and_none_of_what_is_on(supplier, first, second):
    on, off = make_shop(supplier, is_test=False), idle_shop(supplier, shop_id="100501")
    with pytest.raises(ShopIsOn):
        ask(on, first)
    ask(off, first)

    with pytest.raises(SwitchWaits):
        ask(off, second)


def test_a_test_shop_is_switched_on_where_it_may_do_no_harm_alone(supplier, first, settings):
    shop = idle_shop(supplier, is_test=True)
    settings.DEMO = settings.DEBUG = False

    with pytest.raises(TrialShopHere):
        ask(shop, first)

    settings.DEBUG = True
    assert ask(shop, first).waits


def test_papers_that_could_not_be_written_keep_a_shop_off(supplier, first):
    shop = idle_shop(supplier)
    change(shop, first, sends_receipts=True)
    with pytest.raises(ReceiptTermsMissing):
        ask(shop, first)

    change(shop, first, sends_receipts=False, sends_payment_order=True)
    with pytest.raises(PayeeMissing):
        ask(shop, first)

    make_bank_details(supplier)
    assert ask(shop, first).waits


def test_the_supplier_and_its_keepers_are_told_while_it_can_be_stopped(supplier, first, second, mailoutbox):
    make_member("support", supplier)
    switch = ask(idle_shop(supplier), first)

    run_jobs(only="letters.")
    assert {letter.to[0] for letter in mailoutbox} == {first.email, second.email, "gaz@example.ru"}
    assert "номер 100500" in mailoutbox[0].body
    assert "test_sandbox" not in mailoutbox[0].body

    mailoutbox.clear()
    decide(confirm_shop_switch, switch, second)
    run_jobs(only="letters.")
    assert len(mailoutbox) == 3
    assert "начнёт принимать деньги" in mailoutbox[0].body


def test_settings_are_changed_and_named(supplier, first):
    shop = make_shop(supplier)

    assert change(shop, first, title="Газ", least_amount_rub=Decimal("10.00"), takes_sbp=True) == [
        "title",
        "least_amount_rub",
    ]

    shop.refresh_from_db()
    assert (shop.title, shop.least_amount_rub) == ("Газ", Decimal("10.00"))
    assert Entry.objects.get().details["least_amount_rub"] == ["1.00", "10.00"]


def test_limits_that_cannot_be_are_refused_at_their_fields(supplier, first):
    shop = make_shop(supplier)
    for refusal, values in (
        (LimitsCross, {"least_amount_rub": Decimal(500), "greatest_amount_rub": Decimal(400)}),
        (ShopValueOutOfRange, {"commission_percent": Decimal("10.01")}),
        (ShopValueOutOfRange, {"least_amount_rub": Decimal("0.50")}),
    ):
        with pytest.raises(refusal):
            change(shop, first, **values)

    assert acts() == []


def test_one_person_raises_the_limit_of_refunds_of_a_shop_that_is_off_alone(supplier, first):
    on, off = make_shop(supplier, is_test=False), idle_shop(supplier, shop_id="100501")
    more, less = {"refund_alone_rub": Decimal(9000)}, {"refund_alone_rub": Decimal(1000)}

    with pytest.raises(LimitOfRefunds):
        change(on, first, **more)
    assert change(on, first, **less) == ["refund_alone_rub"]
    assert change(off, first, **more) == ["refund_alone_rub"]

    ask(off, first)
    with pytest.raises(LimitOfRefunds):
        change(off, first, refund_alone_rub=Decimal(9001))


def test_what_makes_a_shop_is_not_changed(supplier, first):
    with pytest.raises(ValueError, match="shop_id"):
        change(make_shop(supplier), first, shop_id="666666")


def test_a_new_key_is_tried_kept_and_forgets_what_was_refused(gateway, supplier, first):
    shop = make_shop(supplier, secret="test_old", refused_at=NOW, refusal="invalid_credentials")

    with pytest.raises(KeyNotKnown):
        renew(shop, first, secret="test_wrong")
    shop.refresh_from_db()
    assert shop.secret == "test_old"

    renew(shop, first, secret="test_sandbox")
    shop.refresh_from_db()
    assert (shop.secret, shop.refused_at, shop.refusal) == ("test_sandbox", None, "")
    assert "test_sandbox" not in str(Entry.objects.get().details)


def test_another_address_for_calls_closes_the_old_one(supplier, first):
    shop = make_shop(supplier)
    before = shop_card(supplier.id, shop.pk, visible_to=first).hook_address

    renew(shop, first, renews_hook=True)

    after = shop_card(supplier.id, shop.pk, visible_to=first).hook_address
    shop.refresh_from_db()
    assert before != after
    assert shop.secret == "test_sandbox"


def test_one_person_switches_a_shop_off_and_again_changes_nothing(supplier, first):
    shop = make_shop(supplier)

    for _ in range(2):
        switch_shop_off(supplier_id=supplier.id, shop_id=shop.pk, actor=first, now=NOW)

    shop.refresh_from_db()
    assert (shop.is_enabled, acts()) == (False, ["shop.switched_off"])


def test_support_may_not_and_strangers_find_nothing(supplier, first):
    shop = idle_shop(supplier)
    support, stranger = make_member("support", supplier), make_member("accountant", make_supplier())
    switch = ask(shop, first)

    for actor, refusal in ((support, NotAllowed), (stranger, NotFound)):
        for act in (
            lambda actor: add(supplier, actor),
            lambda actor: change(shop, actor, title="Чужой"),
            lambda actor: renew(shop, actor, secret="theirs"),
            lambda actor: ask(shop, actor),
            lambda actor: decide(confirm_shop_switch, switch, actor),
            lambda actor: decide(withdraw_shop_switch, switch, actor),
            lambda actor: shops_of(supplier.id, visible_to=actor),
            lambda actor: switch_shop_off(supplier_id=supplier.id, shop_id=shop.pk, actor=actor, now=NOW),
        ):
            with pytest.raises(refusal):
                act(actor)
    assert acts() == ["shop.switch_asked"]
