"""«Подтверждение оплаты»: the paper that proves a payment, attached to the letter and offered on the payment's page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kabinet.bills.formats import words
from kabinet.bills.formats.typesetting import pdf
from kabinet.common.money import ZERO


@dataclass(frozen=True)
class ProofShare:
    """A part of the payment: the service of an account that it went to."""

    account_number: str
    service_name: str
    amount_rub: Decimal


@dataclass(frozen=True)
class PaymentProof:
    """What the paper says. paid_at is in the supplier's time zone; gateway_payment_id is the gateway's own number."""

    number: str
    paid_at: dt.datetime
    supplier_name: str
    supplier_inn: str
    payer_name: str
    address: str
    amount_rub: Decimal
    commission_rub: Decimal
    shares: Sequence[ProofShare]
    gateway_name: str
    gateway_payment_id: str
    method_title: str
    state: str
    is_test: bool = False


def render(proof: PaymentProof) -> bytes:
    """Typeset a proof of payment as PDF/A."""
    return pdf("payment_proof", _printed(proof), made_at=proof.paid_at)


def _printed(proof: PaymentProof) -> dict[str, Any]:
    whole, kopecks = words.rub(proof.amount_rub).split(",")
    numbers = sorted({share.account_number for share in proof.shares})
    rows = [
        ("Номер платежа", proof.number),
        ("Дата и время", f"{words.day(proof.paid_at.date())}, {proof.paid_at:%H:%M}"),
        ("Получатель", proof.supplier_name),
        ("ИНН получателя", proof.supplier_inn),
        ("Лицевой счёт" if len(numbers) == 1 else "Лицевые счета", ", ".join(numbers)),
        ("Плательщик", proof.payer_name),
        ("Адрес", proof.address),
        ("Платёжная система", proof.gateway_name),
        ("Номер в платёжной системе", proof.gateway_payment_id),
        ("Способ оплаты", proof.method_title),
        ("Комиссия", f"{words.rub(proof.commission_rub)} ₽" if proof.commission_rub else ""),
    ]
    return {
        "title": f"Подтверждение оплаты {proof.number}",
        "issued": f"Платёж от {words.day(proof.paid_at.date())} года",
        "supplier_name": proof.supplier_name,
        "sum_label": "Сумма платежа",
        "sum": {"rub": whole, "kop": kopecks},
        "state": proof.state,
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "shares": [
            {
                "service": share.service_name,
                "account": f"лицевой счёт {share.account_number}",
                "sum": f"{words.rub(share.amount_rub)} ₽",
            }
            for share in proof.shares
        ],
        "total": f"{words.rub(sum((share.amount_rub for share in proof.shares), ZERO))} ₽",
        "remark": (
            "Проверочный платёж: деньги не списаны." if proof.is_test else "Сформировано в личном кабинете клиента."
        ),
    }
