"""The official SDK cannot tell the sandbox from the real gateway."""

from collections.abc import Iterator

import pytest
from yookassa import Configuration, Payment, Settings
from yookassa.domain.exceptions import BadRequestError, NotFoundError, UnauthorizedError

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import payment_request


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


def test_it_reads_the_shop() -> None:
    me = Settings.get_account_settings()

    assert (me.account_id, me.test, me.payment_methods) == ("100500", True, ["bank_card", "sbp"])


def test_it_understands_the_refusals() -> None:
    with pytest.raises(NotFoundError):
        Payment.find_one("30c61a2b-000f-5001-9000-1c6d3f0a7b21")

    Configuration.secret_key = "test_wrong"
    with pytest.raises(UnauthorizedError):
        Payment.create(payment_request())
