"""What the gateway says each day that it took and gave back, and what may be wrong with that."""

import csv
import io
import urllib.error
import urllib.request
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.shop import Shop

DAY = "2026-11-20"
NEXT_DAY = "2026-11-21"


@pytest.fixture
def sandbox(own_sandbox: RunningSandbox) -> RunningSandbox:
    own_sandbox.set_clock(f"{DAY}T09:15:07Z")
    return own_sandbox


def paid(sandbox: RunningSandbox, value: str, *, method: str = "bank_card", **others: Any) -> str:
    payment = Shop(sandbox).create(value, **others)
    sandbox.pay(payment["id"], method=method)
    return payment["id"]


def lines(file: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file), delimiter=";"))


def amounts(sandbox: RunningSandbox, date: str = DAY) -> list[str]:
    return [line["Сумма платежа"] for line in lines(sandbox.register(date)["payments"])]


def test_a_payment_is_a_line_with_its_income(sandbox: RunningSandbox) -> None:
    payment_id = paid(sandbox, "1234.56", description="Газ; л/с «702»", metadata={"payment_id": "17"})

    (line,) = lines(sandbox.register(DAY)["payments"])

    assert line["Время платежа"].startswith("20.11.2026 12:15:")
    assert line["Время создания платежа"].startswith("20.11.2026 12:15:")
    del line["Время платежа"], line["Время создания платежа"]
    assert line == {
        "Идентификатор платежа": payment_id,
        "Сумма платежа": "1234.56",
        "Валюта платежа": "RUB",
        "Сумма платежа за вычетом комиссии НКО": "1191.35",
        "Способ платежа": "Банковская карта",
        "Номер заказа": "",
        "Описание заказа": "Газ; л/с «702»",
        "Метаданные": '{"payment_id": "17"}',
    }


def test_a_day_is_moscows_and_of_capture(sandbox: RunningSandbox) -> None:
    sandbox.set_clock(f"{DAY}T20:58:00Z")
    held = Shop(sandbox).create("10.00", capture=False)["id"]
    sandbox.pay(held)
    paid(sandbox, "20.00")
    sandbox.set_clock(f"{DAY}T21:00:00Z")
    Shop(sandbox).post(f"/payments/{held}/capture")

    assert amounts(sandbox) == ["20.00"]
    assert amounts(sandbox, NEXT_DAY) == ["10.00"]


def test_a_day_without_operations_has_headings_and_no_more(sandbox: RunningSandbox) -> None:
    Shop(sandbox).create("10.00")

    files = sandbox.register(DAY)

    assert files["payments"].startswith("Идентификатор платежа;Сумма платежа;Валюта платежа;")
    assert files["refunds"].startswith("Идентификатор возврата;Идентификатор платежа;Номер возврата в магазине;")
    assert [file.count("\n") for file in files.values()] == [1, 1]


def test_refunds_and_chargebacks_stand_in_the_second_file(sandbox: RunningSandbox) -> None:
    payment_id = paid(sandbox, "100.00")
    sandbox.advance_clock(24 * 3600)
    sandbox.change_habits(refund="pending")
    given = {"payment_id": payment_id, "amount": {"value": "5.00", "currency": "RUB"}}
    Shop(sandbox).post("/refunds", given)
    by_hand = sandbox.refund(payment_id, "40.00")
    chargeback = sandbox.charge_back(payment_id, "30.00")

    found = lines(sandbox.register(NEXT_DAY)["refunds"])

    assert [
        (line["Идентификатор возврата"], line["Идентификатор платежа"], line["Сумма возврата"], line["Тип операции"])
        for line in found
    ] == [
        (by_hand["id"], payment_id, "40.00", "Возврат"),
        (chargeback["id"], payment_id, "30.00", "Чарджбэк"),
    ]
    assert lines(sandbox.register(DAY)["refunds"]) == []


def test_the_shop_chooses_columns_and_their_order(sandbox: RunningSandbox) -> None:
    paid(sandbox, "10.00", method="sbp")

    files = sandbox.register(DAY, columns="method,amount", refund_columns="amount")

    assert files == {"payments": "Способ платежа;Сумма платежа\r\nСБП;10.00\r\n", "refunds": "Сумма возврата\r\n"}


def test_the_files_may_be_fetched_one_by_one(sandbox: RunningSandbox) -> None:
    paid(sandbox, "10.00")
    address = f"{sandbox.admin_url}/sandbox/register/payments.csv?date={DAY}&columns=amount"

    with urllib.request.urlopen(address, timeout=10) as response:
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert response.read().decode() == "Сумма платежа\r\n10.00\r\n"


def test_lines_are_missing_doubled_altered_or_late(sandbox: RunningSandbox) -> None:
    missing, doubled, altered, late = (paid(sandbox, f"{tens}0.00") for tens in (1, 2, 3, 4))
    refund = sandbox.refund(doubled, "1.00")["id"]

    sandbox.distort_register(omit=[missing], double=[doubled], next_day=[late])
    sandbox.distort_register(alter={altered: {"amount": "33.00"}, refund: {"amount": "2.00"}})
    distorted, distorted_next = amounts(sandbox), amounts(sandbox, NEXT_DAY)
    distorted_refund = lines(sandbox.register(DAY)["refunds"])[0]["Сумма возврата"]
    sandbox.straighten_register()

    assert distorted == ["20.00", "20.00", "33.00"]
    assert distorted_next == ["40.00"]
    assert distorted_refund == "2.00"
    assert amounts(sandbox) == ["10.00", "20.00", "30.00", "40.00"]
    assert amounts(sandbox, NEXT_DAY) == []


def test_only_the_fee_may_be_another(sandbox: RunningSandbox) -> None:
    payment_id = paid(sandbox, "100.00")

    sandbox.distort_register(alter={payment_id: {"income": "96.00"}})

    (line,) = lines(sandbox.register(DAY)["payments"])
    assert (line["Сумма платежа"], line["Сумма платежа за вычетом комиссии НКО"]) == ("100.00", "96.00")


def test_a_line_may_be_nobodys(sandbox: RunningSandbox) -> None:
    sandbox.distort_register(foreign=[{"date": DAY, "amount": "500.00", "income": "482.50"}])

    (line,) = lines(sandbox.register(DAY)["payments"])

    status, _ = Shop(sandbox).call("GET", f"/payments/{line['Идентификатор платежа']}")
    assert (line["Сумма платежа"], status) == ("500.00", 404)
    assert line["Время платежа"] == "20.11.2026 12:00:00"


@pytest.mark.parametrize(
    "distortions",
    [
        {"forget": []},
        {"omit": "all"},
        {"omit": ["unknown"]},
        {"alter": {"unknown": {"amount": "1.00"}}},
        {"foreign": ["1.00"]},
        {"foreign": [{"amount": "1.00"}]},
        {"foreign": [{"date": "tomorrow", "amount": "1.00"}]},
        {"foreign": [{"date": DAY, "amount": "1"}]},
    ],
)
def test_a_wrong_distortion_is_refused(sandbox: RunningSandbox, distortions: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.distort_register(**distortions)

    assert refusal.value.code == 400
    assert amounts(sandbox) == []


@pytest.mark.parametrize(
    ("query", "status"), [("date=yesterday", 400), (f"date={DAY}&columns=sum", 400), (f"date={DAY}&shop=999", 404)]
)
def test_a_register_that_cannot_be_made_is_refused(sandbox: RunningSandbox, query: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        sandbox.get(f"/sandbox/register?{query}")

    assert refusal.value.code == status
