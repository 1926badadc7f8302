"""A bill in the words of its template, bills/typst/bill.typ: the payer's part of the sheet, and the notice with it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kabinet.bills.formats import words
from kabinet.bills.formats.bill.content import Bill, BillLine, Payer, Requisites
from kabinet.bills.formats.bill.notice import notice
from kabinet.bills.formats.bill.payment_symbol import symbol_payload
from kabinet.bills.formats.symbol import symbol_png
from kabinet.common.money import ZERO


def title(bill: Bill) -> str:
    return f"Счёт-извещение за {words.month(bill.period)}, лицевой счёт {bill.account_number}"


def printed(bill: Bill) -> dict[str, Any]:
    """Turn a bill into the words of a sheet of its template, bills/typst/bill.typ."""
    payload = symbol_payload(bill)
    return {
        "period": words.month(bill.period),
        "form_name": bill.payee.form_name,
        "supplier": {
            "name": bill.payee.name,
            "inn": bill.payee.inn,
            "legal_line": ", ".join(
                part
                for part in (
                    bill.payee.full_name,
                    f"ИНН {bill.payee.inn}",
                    bill.payee.kpp and f"КПП {bill.payee.kpp}",
                )
                if part
            ),
            "contacts": [
                part for part in (bill.payee.address, bill.payee.phone, bill.payee.email, bill.payee.site) if part
            ],
        },
        "account_number": bill.account_number,
        "account_digits": list(bill.account_number),
        "payer": _payer_rows(bill.payer),
        "due": _due(bill),
        "symbol": payload and {"png": list(symbol_png(payload))},
        "charges": {
            "title": ("Показания за " if bill.is_blank else "Начисления за ") + words.month(bill.period),
            "rows": [_charge_row(line) for line in bill.lines],
            "totals": _totals(bill),
            "remarks": [remark for remark in (_vat(bill), _remark(bill)) if remark],
        },
        "balance": {
            "parts": _balance(bill),
            "by_service": ", ".join(f"{name} {words.rub(amount_rub)}" for name, amount_rub in bill.due_by_service),
        },
        "explanations": _explanations(bill.lines),
        "chart": _chart(bill),
        "requisites": [_requisites(details) for details in bill.requisites],
        "notice": notice(bill),
    }


def _payer_rows(payer: Payer) -> list[dict[str, str]]:
    home = " · ".join(
        part
        for part in (
            payer.residents_count is not None and f"{payer.residents_count} чел.",
            payer.area_m2 is not None and f"{words.volume(payer.area_m2)} м²",
        )
        if part
    )
    rows = [("Плательщик", payer.name), ("Адрес", payer.address), ("Проживает, площадь", home)]
    return [{"label": label, "value": value} for label, value in rows if value]


def _due(bill: Bill) -> dict[str, str]:
    whole, kopecks = words.rub(bill.due_rub).split(",")
    if bill.closing_rub < 0:
        note = f"Переплата {words.rub(-bill.closing_rub)} ₽"
    elif bill.closing_rub == 0:
        note = "Долга нет"
    elif bill.pay_by and bill.is_latest:
        note = f"Оплатить до {words.day(bill.pay_by)}"
    else:
        note = ""
    label = "Долг" if bill.is_blank else "К оплате"
    return {"label": f"{label} на {words.short_day(bill.counted_on)}", "rub": whole, "kop": kopecks, "note": note}


def _charge_row(line: BillLine) -> dict[str, str]:
    return {
        "service": line.service_name,
        "note": line.note,
        "current": line.current_dial,
        "previous": line.previous_dial,
        "volume": "" if line.volume_m3 is None else words.volume(line.volume_m3),
        "price": "" if line.price_rub_per_m3 is None else words.price(line.price_rub_per_m3),
        "charged": "" if line.charged_rub is None else words.rub(line.charged_rub),
        "benefit": "" if line.benefit_rub is None else words.rub(line.benefit_rub),
        "recalculated": "" if line.recalculated_rub is None else words.rub(line.recalculated_rub),
    }


def _totals(bill: Bill) -> dict[str, str]:
    """The sums of the columns, below several lines."""
    if len(bill.lines) < 2 or bill.is_blank:
        return {}
    return {
        "charged": words.rub(bill.charged_rub + bill.penalty_rub),
        "benefit": words.rub(bill.benefit_rub),
        "recalculated": words.rub(bill.recalculated_rub),
    }


def _vat(bill: Bill) -> str:
    parts = ", ".join(f"{percent} %: {words.rub(vat_rub)} руб." for percent, vat_rub in bill.vat)
    return f"В том числе НДС {parts}" if parts else ""


def _remark(bill: Bill) -> str:
    if bill.is_blank and not bill.lines:
        return "За этот месяц ещё не начислено."
    if bill.is_blank and bill.counted_rub is not None:
        return "За этот месяц ещё не начислено: сумма по переданным показаниям предварительная."
    if bill.is_blank:
        return "За этот месяц ещё не начислено. Впишите показание в извещение внизу и посчитайте сумму сами."
    if not bill.lines:
        return "За этот месяц начислений нет."
    if not bill.is_latest:
        return "Это счёт за прошедший месяц: сумму, которую нужно заплатить сегодня, печатает последний счёт."
    return ""


def _balance(bill: Bill) -> list[dict[str, str]]:
    """The sum in parts, each with the sign by which it is added, so that anybody can add it up."""
    before = "Переплата" if bill.opening_rub < 0 else "Долг"
    since = bill.counted_on if bill.is_blank else bill.period.first_day
    parts = [{"sign": "", "label": f"{before} на {words.short_day(since)}", "sum": words.rub(bill.opening_rub)}]
    if bill.is_blank and bill.counted_rub is not None:
        total_rub = bill.closing_rub + bill.counted_rub
        parts.append({"sign": "+", "label": "По показаниям, предварительно", "sum": words.rub(bill.counted_rub)})
        parts.append({"sign": "=", "label": "Итого" if total_rub >= 0 else "Переплата", "sum": words.rub(total_rub)})
    if not bill.is_blank:
        moves = [
            ("Начислено", bill.charged_rub),
            ("Пени", bill.penalty_rub),
            ("Льгота", -bill.benefit_rub),
            ("Перерасчёт", bill.recalculated_rub),
            ("Корректировки", bill.adjusted_rub),
        ]
        parts += [_move(label, amount_rub) for label, amount_rub in moves if amount_rub or label == "Начислено"]
        is_back = bill.paid_rub < 0
        parts.append(
            {
                "sign": "+" if is_back else "−",
                "label": "Возвращено" if is_back else "Оплачено",
                "sum": words.rub(abs(bill.paid_rub)),
            }
        )
        after = "Переплата" if bill.closing_rub < 0 else "К оплате"
        parts.append({"sign": "=", "label": after, "sum": words.rub(bill.closing_rub)})
    return parts


def _move(label: str, amount_rub: Decimal) -> dict[str, str]:
    return {"sign": "−" if amount_rub < 0 else "+", "label": label, "sum": words.rub(abs(amount_rub))}


def _explanations(lines: Sequence[BillLine]) -> list[dict[str, Any]]:
    """Put the formulas of one source together: the source is long and says the same each time."""
    by_source: dict[str, list[str]] = {}
    for line in lines:
        if line.formula:
            by_source.setdefault(line.rule_source, []).append(line.formula)
    return [{"formulas": formulas, "source": source} for source, formulas in by_source.items()]


def _chart(bill: Bill) -> list[dict[str, Any]]:
    most_m3 = max((month.volume_m3 or ZERO for month in bill.volumes), default=ZERO)
    if not most_m3:
        return []
    return [
        {
            "name": words.short_month(month.period),
            "volume": "–" if month.volume_m3 is None else words.volume(month.volume_m3),
            "share": float((month.volume_m3 or ZERO) / most_m3),
            "is_current": month.period == bill.period,
        }
        for month in bill.volumes
    ]


def _requisites(details: Requisites) -> dict[str, str]:
    return {
        "channel": "Через платёжных агентов" if details.is_agent else "В кредитных организациях",
        "bank_name": details.bank_name,
        "account_label": "спец/сч." if details.is_agent else "р/сч.",
        "account_number": details.account_number,
        "correspondent_account": details.correspondent_account,
        "bic": details.bic,
    }
