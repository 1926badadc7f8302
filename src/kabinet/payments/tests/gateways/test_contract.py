"""What every gateway must do, run over each by HTTP against the sandbox."""

import datetime as dt
import json
from decimal import Decimal
from urllib.error import HTTPError
from uuid import uuid4

import pytest

from kabinet.common.errors import Rejected, Unavailable
from kabinet.payments import rules

HOUR = dt.timedelta(hours=1)


def around_now() -> dict[str, dt.datetime]:
    now = dt.datetime.now(dt.UTC)
    return {"created_from": now - HOUR, "created_until": now + HOUR}


def test_a_new_payment_is_open_and_has_an_address_to_pay_at(bench):
    public_id = uuid4()

    told = bench.shop.create(bench.body("1234.56", public_id=public_id), key=uuid4())

    assert (told.state, told.amount_rub, told.currency, told.is_test) == (rules.OPEN, Decimal("1234.56"), "RUB", True)
    assert told.public_id == public_id
    assert told.confirmation_url.startswith(bench.sandbox.page_url)


def test_a_fetch_tells_of_the_same_payment_and_what_was_sent_along(bench):
    public_id = uuid4()
    created = bench.created("1000.00", public_id=public_id, metadata={"shares": "17.1=1000.00", "supplier": "5"})

    told = bench.shop.fetch(created.id)

    assert (told.id, told.state, told.amount_rub, told.public_id) == (
        created.id,
        rules.OPEN,
        Decimal("1000.00"),
        public_id,
    )
    assert (told.metadata["shares"], told.metadata["supplier"]) == ("17.1=1000.00", "5")


def test_shares_of_very_many_accounts_come_back_whole(bench):
    shares = ";".join(f"{account}.1=100.00" for account in range(100_000, 100_080))

    told = bench.shop.fetch(bench.created(metadata={"shares": shares}).id)

    assert told.metadata["shares"] == shares


def test_a_paid_payment_says_when_and_with_what(bench):
    told = bench.shop.fetch(bench.paid("1000.00").id)

    assert (told.state, told.amount_rub) == (rules.PAID, Decimal("1000.00"))
    assert told.paid_at.tzinfo == dt.UTC
    assert told.method_title == "Банковская карта •••• 4444"
    assert not told.is_charged_back


@pytest.mark.parametrize("amount", ["1.00", "1.01", "99999.99", "350000.00"])
def test_every_kopeck_comes_back(bench, amount):
    assert bench.shop.fetch(bench.paid(amount).id).amount_rub == Decimal(amount)


def test_a_link_of_the_fast_payment_system_can_be_drawn(bench):
    told = bench.created(method="sbp")

    assert told.sbp_link.startswith("http")


def test_a_payment_by_the_fast_payment_system_is_named_so(bench):
    payment = bench.created(method="sbp")
    bench.sandbox.pay(payment.id, method="sbp")

    assert bench.shop.fetch(payment.id).method_title == "СБП"


def test_a_payment_that_ran_out_of_time_has_failed(bench):
    payment = bench.created()
    bench.sandbox.expire(payment.id)

    told = bench.shop.fetch(payment.id)

    assert (told.state, told.failure_reason) == (rules.FAILED, "expired_on_confirmation")


def test_a_decline_says_why_or_leaves_the_page_open(bench):
    payment = bench.created()
    bench.sandbox.decline(payment.id, "insufficient_funds")

    told = bench.shop.fetch(payment.id)

    if bench.kind == "yookassa":
        assert (told.state, told.failure_reason) == (rules.FAILED, "insufficient_funds")
    else:
        assert (told.state, told.failure_reason) == (rules.OPEN, "")


def test_a_page_that_stayed_open_can_still_be_paid(bench):
    payment = bench.created("1000.00")
    bench.sandbox.decline(payment.id, "insufficient_funds")

    if bench.kind == "yookassa":
        with pytest.raises(HTTPError):
            bench.sandbox.pay(payment.id)
    else:
        bench.sandbox.pay(payment.id)
        assert bench.shop.fetch(payment.id).state == rules.PAID


def test_the_same_key_and_bytes_again_are_one_payment(bench):
    public_id, key = uuid4(), uuid4()
    body = bench.body(public_id=public_id)

    first = bench.shop.create(body, key=key)
    again = bench.shop.create(body, key=key)

    assert again.id == first.id
    assert bench.shop.find(public_id, **around_now()).id == first.id


def test_after_a_lost_answer_the_repeat_finds_the_one_payment(bench):
    public_id, key = uuid4(), uuid4()
    body = bench.body(public_id=public_id)
    bench.misbehave(match={"method": "POST", "path": bench.create_path}, action="lose_answer")

    with pytest.raises(Unavailable):
        bench.shop.create(body, key=key)
    told = bench.shop.create(body, key=key)

    assert told.public_id == public_id
    assert bench.shop.find(public_id, **around_now()).id == told.id
    if bench.kind == "yookassa":
        assert told.state == rules.OPEN
    else:
        assert (told.state, told.failure_reason) == (rules.FAILED, "page_lost")


def test_a_payment_is_found_by_our_id(bench):
    public_id = uuid4()
    created = bench.created(public_id=public_id)

    found = bench.shop.find(public_id, **around_now())

    assert (found.id, found.public_id) == (created.id, public_id)


def test_what_nobody_made_is_not_found(bench):
    assert bench.shop.find(uuid4(), **around_now()) is None


def test_held_money_is_taken(bench):
    payment = bench.paid("1000.00", is_two_stage=True)
    assert bench.shop.fetch(payment.id).state == rules.HELD

    told = bench.shop.capture(payment.id, amount_rub=Decimal("1000.00"), key=uuid4())

    assert (told.state, told.amount_rub) == (rules.PAID, Decimal("1000.00"))


def test_a_part_of_held_money_is_taken_and_a_repeat_takes_nothing_more(bench):
    payment, key = bench.paid("1000.00", is_two_stage=True), uuid4()

    told = bench.shop.capture(payment.id, amount_rub=Decimal("600.00"), key=key)
    again = bench.shop.capture(payment.id, amount_rub=Decimal("600.00"), key=key)

    assert (told.state, told.amount_rub) == (rules.PAID, Decimal("600.00"))
    assert again.amount_rub == Decimal("600.00")


def test_more_than_is_held_is_not_taken(bench):
    payment = bench.paid("1000.00", is_two_stage=True)

    with pytest.raises(Rejected):
        bench.shop.capture(payment.id, amount_rub=Decimal("1000.01"), key=uuid4())

    assert bench.shop.fetch(payment.id).state == rules.HELD


def test_held_money_is_released_and_a_repeat_is_harmless(bench):
    payment, key = bench.paid("1000.00", is_two_stage=True), uuid4()

    told = bench.shop.cancel(payment.id, key=key)
    again = bench.shop.cancel(payment.id, key=key)

    assert (told.state, again.state) == (rules.FAILED, rules.FAILED)
    assert told.failure_reason == "canceled_by_merchant"


def test_what_is_not_held_is_not_released(bench):
    payment = bench.created()

    with pytest.raises(Rejected):
        bench.shop.cancel(payment.id, key=uuid4())


def test_a_part_is_given_back(bench):
    payment, public_id = bench.paid("1000.00"), uuid4()

    told = bench.shop.refund(bench.refund_body(payment.id, "400.00", public_id=public_id), key=uuid4())

    assert (told.state, told.amount_rub, told.gateway_payment_id, told.public_id) == (
        rules.REFUND_DONE,
        Decimal("400.00"),
        payment.id,
        public_id,
    )
    after = bench.shop.fetch(payment.id)
    assert (after.state, after.amount_rub, after.refunded_rub) == (rules.PAID, Decimal("1000.00"), Decimal("400.00"))


def test_a_repeated_refund_gives_back_once(bench):
    payment, key = bench.paid("1000.00"), uuid4()
    body = bench.refund_body(payment.id, "400.00")
    bench.misbehave(match={"method": "POST", "path": bench.refund_path}, action="lose_answer")

    with pytest.raises(Unavailable):
        bench.shop.refund(body, key=key)
    told = [bench.shop.refund(body, key=key) for _ in range(2)]

    assert told[0].id == told[1].id
    assert bench.shop.fetch(payment.id).refunded_rub == Decimal("400.00")


def test_more_than_is_left_is_not_given_back(bench):
    payment = bench.paid("1000.00")
    bench.shop.refund(bench.refund_body(payment.id, "600.00"), key=uuid4())

    with pytest.raises(Rejected):
        bench.shop.refund(bench.refund_body(payment.id, "400.01"), key=uuid4())

    assert bench.shop.fetch(payment.id).refunded_rub == Decimal("600.00")


def test_what_was_given_back_is_listed_also_what_was_by_hand(bench):
    payment, ours = bench.paid("1000.00"), uuid4()
    bench.shop.refund(bench.refund_body(payment.id, "400.00", public_id=ours), key=uuid4())
    bench.sandbox.refund(payment.id, "100.00")

    refunds = bench.shop.refunds_of(payment.id)

    assert {(each.amount_rub, each.public_id, each.state) for each in refunds} == {
        (Decimal("400.00"), ours, rules.REFUND_DONE),
        (Decimal("100.00"), None, rules.REFUND_DONE),
    }
    assert len({each.id for each in refunds}) == 2
    assert all(each.done_at.tzinfo == dt.UTC for each in refunds)


def test_a_payment_of_which_all_was_given_back_stays_paid(bench):
    payment = bench.paid("1000.00")
    bench.shop.refund(bench.refund_body(payment.id, "1000.00"), key=uuid4())

    told = bench.shop.fetch(payment.id)

    assert (told.state, told.amount_rub, told.refunded_rub) == (rules.PAID, Decimal("1000.00"), Decimal("1000.00"))


def test_a_kept_card_is_charged_without_a_person(bench):
    first = bench.created(keeps_method=True)
    bench.sandbox.pay(first.id, method="bank_card", save=True)
    saved = bench.shop.fetch(first.id).saved_method
    assert saved

    charge = bench.shop.create(bench.body("500.00", saved_method=saved), key=uuid4())

    told = bench.shop.fetch(charge.id)
    assert (told.state, told.amount_rub) == (rules.PAID, Decimal("500.00"))


def test_a_charge_of_a_kept_card_with_a_lost_answer_is_made_once(bench):
    first = bench.created(keeps_method=True)
    bench.sandbox.pay(first.id, method="bank_card", save=True)
    saved, public_id, key = bench.shop.fetch(first.id).saved_method, uuid4(), uuid4()
    body = bench.body("500.00", saved_method=saved, public_id=public_id)
    path = bench.create_path.replace("register", "recurrentPayment")
    bench.misbehave(match={"method": "POST", "path": path}, action="lose_answer")

    with pytest.raises(Unavailable):
        bench.shop.create(body, key=key)
    told = bench.shop.create(body, key=key)

    assert (told.state, told.public_id) == (rules.PAID, public_id)
    assert bench.shop.find(public_id, **around_now()).id == told.id


def test_a_refused_charge_of_a_kept_card_has_failed_with_its_reason(bench):
    first = bench.created(keeps_method=True)
    bench.sandbox.pay(first.id, method="bank_card", save=True)
    saved = bench.shop.fetch(first.id).saved_method
    bench.sandbox.post("/sandbox/habits", {"charge": "insufficient_funds"})

    try:
        charge = bench.shop.create(bench.body("500.00", saved_method=saved), key=uuid4())
        told = bench.shop.fetch(charge.id)
    finally:
        bench.sandbox.post("/sandbox/habits", {"charge": "succeeded"})

    assert (told.state, told.failure_reason) == (rules.FAILED, "insufficient_funds")


def test_an_unknown_payment_is_rejected(bench):
    with pytest.raises(Rejected):
        bench.shop.fetch("30c61a2b-000f-5001-9000-1c6d3f0a7b21")


def test_a_shop_that_is_well_passes_the_check(bench):
    bench.shop.check()


@pytest.mark.parametrize(
    "ask",
    [
        lambda shop, bench: shop.check(),
        lambda shop, bench: shop.fetch("any"),
        lambda shop, bench: shop.create(bench.body(), key=uuid4()),
    ],
    ids=["check", "fetch", "create"],
)
def test_wrong_credentials_are_called_by_one_name(bench, ask):
    with pytest.raises(Rejected) as rejection:
        ask(bench.open(secret="wrong"), bench)

    assert rejection.value.reason == "invalid_credentials"


FAULTS = [
    {"action": "refuse"},
    {"action": "lose_answer"},
    {"action": "status", "status": 429},
    {"action": "status", "status": 500},
    {"action": "status", "status": 502},
    {"action": "processing_202"},
    {"action": "html_200"},
    {"action": "half_body"},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: " ".join(str(value) for value in fault.values()))
@pytest.mark.parametrize("call", ["create", "fetch", "refund"])
def test_an_answer_that_proves_nothing_is_unavailable(bench, fault, call):
    payment = bench.paid()
    calls = {
        "create": (bench.create_path, lambda: bench.shop.create(bench.body(), key=uuid4())),
        "fetch": (bench.fetch_path, lambda: bench.shop.fetch(payment.id)),
        "refund": (bench.refund_path, lambda: bench.shop.refund(bench.refund_body(payment.id, "1.00"), key=uuid4())),
    }
    path, do = calls[call]
    bench.misbehave(match={"path": path}, **fault)

    with pytest.raises(Unavailable):
        do()


@pytest.mark.parametrize("action", ["hang_before", "slow_body"])
def test_an_answer_that_does_not_come_is_unavailable_within_the_deadline(bench, action, monkeypatch):
    payment = bench.created()
    monkeypatch.setattr("kabinet.payments.gateways.wire.READ_TIMEOUT_S", 0.2)
    bench.misbehave(match={"path": bench.fetch_path}, action=action, delay_ms=50)

    with pytest.raises(Unavailable):
        bench.shop.fetch(payment.id)


def test_a_word_that_is_new_is_kept_and_moves_nothing(bench):
    payment = bench.paid()
    bench.misbehave(match={"path": bench.fetch_path}, action="unknown_status")

    told = bench.shop.fetch(payment.id)

    assert told.state == ""
    assert told.status


@pytest.mark.parametrize(
    ("action", "field", "truth"),
    [("wrong_amount", "amount_rub", Decimal("1000.00")), ("wrong_currency", "currency", "RUB")],
)
def test_a_lie_is_told_as_it_was_told_to_us(bench, action, field, truth):
    payment = bench.paid("1000.00")
    bench.misbehave(match={"path": bench.fetch_path}, action=action)

    assert getattr(bench.shop.fetch(payment.id), field) != truth


def test_money_that_the_payers_bank_took_back_is_told_where_the_protocol_can(bench):
    payment = bench.paid("1000.00")
    bench.sandbox.charge_back(payment.id)

    assert bench.shop.fetch(payment.id).is_charged_back == (bench.kind != "yookassa")


def test_bytes_that_are_stored_hold_no_secret(bench):
    assert "test_sandbox" not in bench.body()
    json.loads(bench.body())


def test_a_form_may_end_at_the_page_of_the_gateway_that_is_set(bench):
    assert bench.dialect.hosted_page_origins("http://127.0.0.1:8090/v3") == ("http://127.0.0.1:8090",)
