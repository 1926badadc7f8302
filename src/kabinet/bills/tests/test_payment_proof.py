"""The paper that proves a payment."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from kabinet.bills.formats.payment_proof import PaymentProof, ProofShare, render
from kabinet.bills.tests.papers import words_of

PROOF = PaymentProof(
    number="1f6d3c1e-0000-4000-8000-000000000001",
    paid_at=dt.datetime(2026, 11, 22, 12, 3, tzinfo=ZoneInfo("Europe/Moscow")),
    supplier_name="Газпром межрегионгаз Санкт-Петербург",
    supplier_inn="7838016481",
    payer_name="Петров Иван Сергеевич",
    address="Санкт-Петербург, ул. Лесная, д. 14, кв. 7",
    amount_rub=Decimal("1284.56"),
    commission_rub=Decimal("0.00"),
    shares=[
        ProofShare("702062012", "Газ", Decimal("1164.56")),
        ProofShare("702062012", "Техническое обслуживание", Decimal("120.00")),
    ],
    gateway_name="ЮKassa",
    gateway_payment_id="2d1f2b0e-000f-5000-8000-1b2c3d4e5f60",
    method_title="Банковская карта •••• 4444",
    state="Оплачено",
)


def test_it_says_who_paid_what_to_whom_and_when():
    words = words_of(render(PROOF))

    for part in (
        "Подтверждение оплаты",
        "1 284,56 ₽ Оплачено",
        "1f6d3c1e-0000-4000-8000-000000000001",
        "22 ноября 2026, 12:03",
        "Газпром межрегионгаз Санкт-Петербург",
        "7838016481",
        "702062012",
        "Петров Иван Сергеевич",
        "ЮKassa",
        "2d1f2b0e-000f-5000-8000-1b2c3d4e5f60",
        "Газ лицевой счёт 702062012 1 164,56 ₽",
        "120,00 ₽",
        "Всего 1 284,56 ₽",
    ):
        assert part in words
    assert "Комиссия" not in words


def test_a_commission_is_named_and_does_not_count_as_paid_to_the_account():
    words = words_of(render(replace(PROOF, amount_rub=Decimal("1297.41"), commission_rub=Decimal("12.85"))))

    assert "1 297,41 ₽ Оплачено" in words
    assert "Комиссия 12,85 ₽" in words
    assert "Всего 1 284,56 ₽" in words


def test_a_test_payment_says_that_no_money_moved():
    assert "Проверочный платёж: деньги не списаны." in words_of(render(replace(PROOF, is_test=True)))
