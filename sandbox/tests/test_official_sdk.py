"""The official SDK cannot tell the sandbox from the real gateway."""

from collections.abc import Iterator

import pytest
from yookassa import Configuration, Payment, PaymentMethod, Receipt, Refund, SbpBanks, Settings
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import payment_order, payment_request, receipt, receipt_item


@pytest.fixture(autouse=True)
def _configuration(sandbox: RunningSandbox) -> Iterator[None]:
    Configuration.configure("100500", "test_sandbox", api_url=sandbox.api_url)
    yield
    Configuration.account_id = Configuration.secret_key = None


def test_it_creates_and_fetches(sandbox: RunningSandbox) -> None:
    created = Payment.create(
        payment_request("1234.56", description="Газ, л/с 702062012", metadata={"payment_id": "17"})
    )

    sandbox.pay(created.id)
    fetched = Payment.find_one(created.id)

    assert created.status == "pending"
    assert created.confirmation.confirmation_url == f"{sandbox.page_url}/{created.id}"
    assert fetched.status == "succeeded"
    assert (str(fetched.amount.value), fetched.amount.currency) == ("1234.56", "RUB")
    assert str(fetched.income_amount.value) == "1191.35"
    assert (fetched.payment_method.type, fetched.payment_method.card.last4) == ("bank_card", "4444")
    assert fetched.metadata == {"payment_id": "17", "cms_name": "yookassa_sdk_python"}
    assert fetched.test is True


def test_it_repeats_with_its_key() -> None:
    first = Payment.create(payment_request(), "sdk-repeat")
    again = Payment.create(payment_request(), "sdk-repeat")

    assert again.id == first.id


def test_its_key_with_another_body_is_refused() -> None:
    Payment.create(payment_request("1.00"), "sdk-other-body")

    with pytest.raises(BadRequestError) as refusal:
        Payment.create(payment_request("2.00"), "sdk-other-body")

    assert refusal.value.content["description"] == "Idempotence key duplicated"


def test_it_captures_a_part(sandbox: RunningSandbox) -> None:
    created = Payment.create(payment_request("100.00", capture=False))
    sandbox.pay(created.id)

    captured = Payment.capture(created.id, {"amount": {"value": "60.00", "currency": "RUB"}})

    assert (captured.status, str(captured.amount.value)) == ("succeeded", "60.00")


def test_it_captures_the_whole_with_an_empty_body(sandbox: RunningSandbox) -> None:
    created = Payment.create(payment_request("100.00", capture=False))
    sandbox.pay(created.id)

    captured = Payment.capture(created.id)

    assert (captured.status, str(captured.amount.value)) == ("succeeded", "100.00")


def test_it_cancels_what_is_held(sandbox: RunningSandbox) -> None:
    created = Payment.create(payment_request("100.00", capture=False))
    sandbox.pay(created.id)

    canceled = Payment.cancel(created.id)

    assert canceled.status == "canceled"
    assert (canceled.cancellation_details.party, canceled.cancellation_details.reason) == (
        "merchant",
        "canceled_by_merchant",
    )


def test_it_lists_page_by_page() -> None:
    created = [Payment.create(payment_request(description="list")).id for _ in range(3)]

    first_page = Payment.list({"limit": 2, "status": "pending"})
    second_page = Payment.list({"limit": 2, "status": "pending", "cursor": first_page.next_cursor})

    assert [payment.id for payment in first_page.items] == [created[2], created[1]]
    assert second_page.items[0].id == created[0]


def test_it_refunds_fetches_and_lists(sandbox: RunningSandbox) -> None:
    created = Payment.create(payment_request("100.00"))
    sandbox.pay(created.id)
    asked = {"payment_id": created.id, "amount": {"value": "40.00", "currency": "RUB"}, "description": "Возврат"}

    refund = Refund.create(asked, "sdk-refund")
    again = Refund.create(asked, "sdk-refund")
    fetched = Refund.find_one(refund.id)
    listed = Refund.list({"payment_id": created.id})

    assert (refund.status, str(refund.amount.value), refund.payment_id) == ("succeeded", "40.00", created.id)
    assert again.id == fetched.id == refund.id
    assert [each.id for each in listed.items] == [refund.id]
    assert str(Payment.find_one(created.id).refunded_amount.value) == "40.00"


def test_it_is_told_why_a_refund_failed(own_sandbox: RunningSandbox) -> None:
    Configuration.configure("100500", "test_sandbox", api_url=own_sandbox.api_url)
    created = Payment.create(payment_request("100.00"))
    own_sandbox.pay(created.id)
    own_sandbox.change_habits(refund="insufficient_funds")

    refund = Refund.create({"payment_id": created.id, "amount": {"value": "40.00", "currency": "RUB"}})

    assert (refund.status, refund.cancellation_details.reason) == ("canceled", "insufficient_funds")


def test_it_sends_receipts_and_reads_them(sandbox: RunningSandbox) -> None:
    created = Payment.create(payment_request("100.00", receipt=receipt(receipt_item("100.00"))))
    sandbox.pay(created.id)

    offset = Receipt.create(
        {
            "type": "payment",
            "payment_id": created.id,
            "send": True,
            **receipt(receipt_item("100.00", payment_mode="full_payment", payment_subject="service")),
            "settlements": [{"type": "prepayment", "amount": {"value": "100.00", "currency": "RUB"}}],
        }
    )
    listed = Receipt.list({"payment_id": created.id})

    assert (offset.status, offset.items[0].vat_code) == ("pending", 11)
    assert listed.items[0].id == offset.id
    assert len(listed.items) == 2
    assert Receipt.find_one(offset.id).settlements[0].type == "prepayment"


def test_it_saves_a_method_and_charges_it(sandbox: RunningSandbox) -> None:
    first = Payment.create(payment_request("100.00", save_payment_method=True))
    sandbox.pay(first.id)
    saved = Payment.find_one(first.id).payment_method

    charged = Payment.create(
        {"amount": {"value": "50.00", "currency": "RUB"}, "capture": True, "payment_method_id": saved.id}
    )

    assert (saved.saved, charged.status, charged.payment_method.id) == (True, "succeeded", saved.id)
    assert PaymentMethod.find_one(saved.id).card["last4"] == "4444"


def test_it_binds_a_card(sandbox: RunningSandbox) -> None:
    method = PaymentMethod.create(
        {"type": "bank_card", "confirmation": {"type": "redirect", "return_url": "https://lk.example.ru/"}}
    )
    sandbox.bind_method(method.id)

    active = PaymentMethod.find_one(method.id)

    assert (method.status, active.status, active.saved) == ("pending", "active", True)
    assert method.confirmation.confirmation_url.endswith(f"/bind/{method.id}")


def test_it_sends_a_payment_order() -> None:
    created = Payment.create(payment_request(payment_order=payment_order()))

    assert created.status == "pending"


def test_it_reads_the_banks() -> None:
    assert {"Сбербанк"} <= {bank.name for bank in SbpBanks.list().items}


def test_it_reads_the_shop() -> None:
    me = Settings.get_account_settings()

    assert (me.account_id, me.test, me.payment_methods) == ("100500", True, ["bank_card", "sbp"])


def test_it_understands_the_refusals() -> None:
    with pytest.raises(NotFoundError):
        Payment.find_one("30c61a2b-000f-5001-9000-1c6d3f0a7b21")

    Configuration.secret_key = "test_wrong"
    with pytest.raises(UnauthorizedError):
        Payment.create(payment_request())
