"""Daily registers: columns by their headings, sums exactly, and no line skipped in silence."""

import datetime as dt
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from kabinet.payments.gateways import RegisterUnreadable, registers, registry
from kabinet.payments.tests.gateways.conftest import Bench
from sandbox.testing import running_sandbox

PUBLIC_ID = UUID("0197c0de-0000-7000-8000-000000000042")
PAYMENTS = (
    "Идентификатор платежа;Сумма платежа;Валюта;Сумма к перечислению;Дата платежа;Метаданные\n"
    f"30c61a2b-000f;1234.56;RUB;1191.35;20.11.2026 12:16:41;{{'payment_id': '{PUBLIC_ID}'}}\n"
)
REFUNDS = (
    "Идентификатор возврата;Идентификатор платежа;Сумма возврата;Дата возврата\n"
    "30c61fff-000f;30c61a2b-000f;400.00;20.11.2026 13:00:00\n"
)


def read(payments: str = "", refunds: str = "", kind: str = "yookassa"):
    return registry.dialect_of(kind).read_register(payments=payments, refunds=refunds)


def test_a_line_says_which_payment_how_much_came_and_when():
    (line,) = read(PAYMENTS)

    assert (line.kind, line.object_id, line.payment_object_id) == ("payment", "30c61a2b-000f", "30c61a2b-000f")
    assert (line.amount_rub, line.income_rub, line.public_id) == (Decimal("1234.56"), Decimal("1191.35"), PUBLIC_ID)
    assert line.captured_at == dt.datetime(2026, 11, 20, 9, 16, 41, tzinfo=dt.UTC)


def test_the_file_of_refunds_says_of_which_payment_each_is():
    (line,) = read(refunds=REFUNDS)

    assert (line.kind, line.object_id, line.payment_object_id) == ("refund", "30c61fff-000f", "30c61a2b-000f")
    assert (line.amount_rub, line.income_rub) == (Decimal("400.00"), None)


@pytest.mark.parametrize("kind", ["yookassa", "sberbank", "sberbank_ecom"])
@pytest.mark.parametrize("empty", ["", "\ufeff", " \r\n", "\n\n"])
def test_an_empty_file_is_a_day_without_operations(kind, empty):
    assert read(empty, empty, kind=kind) == []


def test_a_heading_alone_is_a_day_without_operations():
    assert read(PAYMENTS.splitlines()[0]) == []


def test_columns_are_found_wherever_they_stand_and_whatever_stands_beside_them():
    moved = (
        'Дата платежа,"Описание, с запятой",Валюта,Сумма платежа,ИДЕНТИФИКАТОР  ПЛАТЕЖА\r\n'
        '2026-11-20T09:16:41.005Z,"Газ, л/с 702062012",RUB,1234.56,30c61a2b\r\n'
        "\r\n"
    )

    (line,) = read(moved)

    assert (line.object_id, line.amount_rub, line.captured_at.second) == ("30c61a2b", Decimal("1234.56"), 41)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (PAYMENTS.replace("1234.56", "1234,56"), "строка 2"),
        (PAYMENTS.replace("1234.56", "1234.5"), "строка 2"),
        (PAYMENTS.replace("1234.56", "1e3"), "строка 2"),
        (PAYMENTS.replace("1234.56", "-1.00"), "строка 2"),
        (PAYMENTS.replace("1191.35", "NaN"), "строка 2"),
        (PAYMENTS.replace("RUB;1", "USD;1"), "валюта"),
        (PAYMENTS.replace("20.11.2026 12", "завтра в 12"), "строка 2"),
        (PAYMENTS.replace("30c61a2b-000f", ""), "строка 2"),
        (PAYMENTS + "30c61a2c;1.00\n", "строка 3"),
        (PAYMENTS + '30c61a2c;"1.00', "строка 3"),
        (PAYMENTS.replace("Сумма платежа", "Нечто"), "«amount»"),
        (PAYMENTS.replace("Валюта", "Сумма"), "две колонки"),
        ("<html><body>Войдите в кабинет</body></html>", "нет колонок"),
    ],
)
def test_a_line_that_cannot_be_read_exactly_makes_the_file_unreadable(wrong, says):
    with pytest.raises(RegisterUnreadable, match=says):
        read(wrong)


def test_refunds_without_their_payments_are_unreadable():
    with pytest.raises(RegisterUnreadable, match="id платежа"):
        read(refunds=REFUNDS.replace("Идентификатор платежа", "Нечто"))


def test_a_chargeback_is_told_by_its_own_column():
    file = (
        "Тип операции;Идентификатор платежа;Сумма;Дата платежа\n"
        "Платёж;30c61a2b;1.00;20.11.2026 12:00:00\n"
        "Опротестование;30c61a2c;2.00;20.11.2026 12:00:00\n"
    )

    assert [(line.kind, line.object_id) for line in read(file)] == [
        ("payment", "30c61a2b"),
        ("chargeback", "30c61a2c"),
    ]


def test_the_banks_register_names_our_id_in_the_orders_number():
    file = (
        "Номер заказа;Номер заказа в системе;Сумма операции;Дата операции\n"
        f"{PUBLIC_ID};3ff6962a-7dcc;1234.56;20.11.2026 12:16:41\n"
    )

    (line,) = read(file, kind="sberbank")

    assert (line.object_id, line.public_id, line.amount_rub) == ("3ff6962a-7dcc", PUBLIC_ID, Decimal("1234.56"))


def test_a_refund_at_the_bank_is_known_by_the_number_that_the_shop_gave_it():
    file = (
        "Номер возврата;Номер возврата в магазине;Номер заказа в системе;Сумма;Дата возврата\n"
        f"604100;{PUBLIC_ID};3ff6962a;1.00;20.11.2026 12:16:41\n"
        "604101;;3ff6962a;2.00;20.11.2026 12:16:42\n"
    )

    lines = read(refunds=file, kind="sberbank_ecom")

    assert [(line.object_id, line.public_id) for line in lines] == [(str(PUBLIC_ID), PUBLIC_ID), ("604101", None)]


@pytest.mark.parametrize("kind", ["yookassa", "sberbank", "sberbank_ecom"])
def test_the_register_of_a_day_tells_of_what_was_taken_given_back_and_charged_back(kind):
    with running_sandbox() as sandbox:
        bench = Bench(kind, sandbox)
        payment_id, refund_id = uuid4(), uuid4()
        payment = bench.paid("1000.00", public_id=payment_id)
        refund = bench.shop.refund(bench.refund_body(payment.id, "400.00", public_id=refund_id), key=uuid4())
        sandbox.refund(payment.id, "50.00")
        sandbox.charge_back(payment.id, "100.00")
        files = sandbox.get("/sandbox/register")

        lines = read(files["payments"], files["refunds"], kind=kind)

        assert {(line.kind, line.amount_rub, line.public_id, line.payment_object_id) for line in lines} == {
            ("payment", Decimal("1000.00"), payment_id, payment.id),
            ("refund", Decimal("400.00"), refund_id, payment.id),
            ("refund", Decimal("50.00"), None, payment.id),
            ("chargeback", Decimal("100.00"), None, payment.id),
        }
        told = bench.shop.fetch(payment.id)
        (paid,) = [line for line in lines if line.kind == "payment"]
        assert (paid.object_id, paid.captured_at.replace(microsecond=0)) == (
            told.id,
            told.paid_at.replace(microsecond=0),
        )
        assert {line.object_id for line in lines if line.kind == "refund"} == {
            each.id for each in bench.shop.refunds_of(payment.id)
        }
        assert refund.id in {line.object_id for line in lines}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_the_encoding_of_a_file_is_found(encoding):
    (line,) = read(registers.decode(PAYMENTS.encode(encoding)))

    assert line.amount_rub == Decimal("1234.56")


def test_a_file_of_no_encoding_is_unreadable():
    with pytest.raises(RegisterUnreadable):
        read(registers.decode(b"PK\x03\x04\x98\xff\x00"))
