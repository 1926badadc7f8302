"""«Счёт-извещение»: the payer's bill and the cashier's notice on one A4 sheet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kabinet.bills import rules
from kabinet.bills.formats import words
from kabinet.bills.formats.symbol import symbol_svg
from kabinet.bills.formats.typesetting import pdf
from kabinet.common.money import ZERO
from kabinet.common.month import Month

# How many empty boxes a person needs at least to fill a sum or a volume in by hand.
VOLUME_BOXES = 5
LINE_RUB_BOXES = 5
BENEFIT_RUB_BOXES = 4
TOTAL_RUB_BOXES = 6


@dataclass(frozen=True)
class Payee:
    """Who is paid, as the card of the supplier says."""

    name: str
    full_name: str
    inn: str
    kpp: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    form_name: str = ""


@dataclass(frozen=True)
class Requisites:
    """Where money is sent. is_agent: the special account (спец/сч) into which payment agents pay."""

    bank_name: str
    bic: str
    account_number: str
    correspondent_account: str
    is_agent: bool = False


@dataclass(frozen=True)
class Payer:
    """Whose account it is. Name and address come masked as the reader's access allows."""

    name: str
    address: str
    residents_count: int | None = None
    area_m2: Decimal | None = None


@dataclass(frozen=True)
class BillLine:
    """One line: metered consumption, or a sum without a meter. None is left for the payer to fill in by hand.

    note       which meter and scale, or anything else that tells lines of one service apart
    digits     boxes for a reading: digits of the dial; 0 for a line that shows no dial
    """

    service_name: str
    note: str = ""
    digits: int = 0
    current_m3: Decimal | None = None
    previous_m3: Decimal | None = None
    volume_m3: Decimal | None = None
    price_rub_per_m3: Decimal | None = None
    amount_rub: Decimal | None = None
    benefit_rub: Decimal | None = None
    formula: str = ""
    rule_source: str = ""

    @property
    def is_metered(self) -> bool:
        return self.digits > 0 or self.volume_m3 is not None


@dataclass(frozen=True)
class MonthVolume:
    """Consumption of a month, for the chart; None where no reading says."""

    period: Month
    volume_m3: Decimal | None


@dataclass(frozen=True)
class Bill:
    """Everything that stands on the sheet.

    counted_on    the day whose end ``due_rub`` tells of
    is_latest     later charges do not exist, so that the printed sum is what one pays
    is_blank      the month is not charged yet: readings and sums are left to be filled in by hand
    opening_rub, charged_rub, paid_rub, adjusted_rub   add up to ``closing_rub``: opening + charged − paid + adjusted
    due_by_service  what is owed for each service, when there are several
    """

    payee: Payee
    requisites: Sequence[Requisites]
    account_number: str
    payer: Payer
    period: Month
    counted_on: dt.date
    made_at: dt.datetime
    lines: Sequence[BillLine]
    opening_rub: Decimal
    charged_rub: Decimal
    paid_rub: Decimal
    adjusted_rub: Decimal
    closing_rub: Decimal
    pay_by: dt.date | None = None
    is_latest: bool = True
    is_blank: bool = False
    due_by_service: Sequence[tuple[str, Decimal]] = ()
    volumes: Sequence[MonthVolume] = field(default_factory=tuple)

    @property
    def due_rub(self) -> Decimal:
        """What is to be paid: an overpayment leaves nothing."""
        return max(self.closing_rub, ZERO)

    @property
    def counted_rub(self) -> Decimal | None:
        """What the lines of an open month come to; None while one of them is left to be filled in."""
        return _total([line.amount_rub for line in self.lines]) if self.lines else None

    @property
    def total_rub(self) -> Decimal | None:
        """«Итого к оплате»; None on a sheet where people count for themselves."""
        if not self.is_blank:
            return self.due_rub
        return None if self.counted_rub is None else max(self.closing_rub + self.counted_rub, ZERO)


def render(bill: Bill) -> bytes:
    """Typeset a bill as PDF/A."""
    return pdf("bill", _printed(bill), made_at=bill.made_at)


def symbol_fields(bill: Bill) -> dict[str, str]:
    """Give the fields of the symbol of a bill, but for the payee's name; none when there is no settlement account.

    The symbol names no person: the account's number is enough, and the sheet may be left lying on a counter. A past
    month carries no sum, for it may have been paid since.
    """
    settlement = next((details for details in bill.requisites if not details.is_agent), None)
    if settlement is None:
        return {}
    shown = next((shown for line in bill.lines if (shown := _dial(line.current_m3, line.digits))), "")
    return {
        "PersonalAcc": settlement.account_number,
        "BankName": rules.cut(settlement.bank_name, rules.LENGTH_LIMITS["BankName"]),
        "BIC": settlement.bic,
        "CorrespAcc": settlement.correspondent_account,
        "PayeeINN": bill.payee.inn,
        "KPP": bill.payee.kpp,
        "PersAcc": bill.account_number,
        "Sum": rules.symbol_sum(bill.total_rub or ZERO) if bill.is_latest else "",
        "PaymPeriod": rules.symbol_period(bill.period),
        "CounterVal": shown,
        "TechCode": "02",
        "Purpose": rules.cut(
            f"Оплата за {bill.period.month:02}.{bill.period.year}, лицевой счет {bill.account_number}",
            rules.LENGTH_LIMITS["Purpose"],
        ),
    }


def symbol_payload(bill: Bill) -> bytes | None:
    """Write the symbol of a bill; where the payee's full name leaves no room, its short name stands in its place.

    None when there is no account to pay to, or when neither name can be written: the bill is valid without a symbol.
    """
    fields = symbol_fields(bill)
    for name in (bill.payee.full_name, rules.cut(bill.payee.name, rules.LENGTH_LIMITS["Name"])):
        try:
            return rules.payment_symbol({**fields, "Name": name})
        except rules.SymbolImpossible:
            continue
    return None


def _printed(bill: Bill) -> dict[str, Any]:
    """Turn a bill into the words of its template, bills/typst/bill.typ."""
    payload = symbol_payload(bill)
    return {
        "title": f"Счёт-извещение за {words.month(bill.period)}, лицевой счёт {bill.account_number}",
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
        "symbol": payload and {"svg": symbol_svg(payload)},
        "charges": {
            "title": ("Показания за " if bill.is_blank else "Начисления за ") + words.month(bill.period),
            "rows": [_charge_row(line) for line in bill.lines],
            "remark": _remark(bill),
        },
        "balance": {
            "parts": _balance(bill),
            "by_service": ", ".join(f"{name} {words.rub(amount_rub)}" for name, amount_rub in bill.due_by_service),
        },
        "explanations": _explanations(bill.lines),
        "chart": _chart(bill),
        "requisites": [_requisites(details) for details in bill.requisites],
        "notice": _notice(bill),
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
        "current": _dial(line.current_m3, line.digits),
        "previous": _dial(line.previous_m3, line.digits),
        "volume": "" if line.volume_m3 is None else words.volume(line.volume_m3),
        "price": "" if line.price_rub_per_m3 is None else words.price(line.price_rub_per_m3),
        "charged": "" if line.amount_rub is None else words.rub(line.amount_rub),
        "benefit": "" if line.benefit_rub is None else words.rub(line.benefit_rub),
    }


def _dial(value_m3: Decimal | None, digits: int) -> str:
    return "" if value_m3 is None or not digits else rules.digits_in_boxes(value_m3, digits)


def _remark(bill: Bill) -> str:
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
        parts.append({"sign": "+", "label": "Начислено", "sum": words.rub(bill.charged_rub)})
        parts.append({"sign": "−", "label": "Оплачено", "sum": words.rub(bill.paid_rub)})
        if bill.adjusted_rub:
            sign = "+" if bill.adjusted_rub > 0 else "−"
            parts.append({"sign": sign, "label": "Перерасчёт", "sum": words.rub(abs(bill.adjusted_rub))})
        after = "Переплата" if bill.closing_rub < 0 else "К оплате"
        parts.append({"sign": "=", "label": after, "sum": words.rub(bill.closing_rub)})
    return parts


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


def _notice(bill: Bill) -> dict[str, Any]:
    return {
        "payer": ", ".join(part for part in (bill.payer.name, bill.payer.address) if part),
        "paid_until": [[""] * 2, [""] * 2, [""] * 4],
        "rows": [_notice_row(lines) for lines in _by_dial(bill.lines)],
        "total": _sum_boxes(bill.total_rub, TOTAL_RUB_BOXES),
        "how_to": (
            "Посчитайте сами: расход = оплачиваемое − предыдущее; начислено = расход × цена;"
            " итого = долг + начислено − льгота."
        ),
    }


def _by_dial(lines: Sequence[BillLine]) -> list[list[BillLine]]:
    """Put the lines of one dial together: there are two where a price has changed between two readings."""
    groups: list[list[BillLine]] = []
    for line in lines:
        goes_on = line.is_metered and not line.digits and groups and groups[-1][-1].is_metered
        if goes_on and groups[-1][-1].service_name == line.service_name:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _notice_row(lines: Sequence[BillLine]) -> dict[str, Any]:
    dial = lines[0]
    used_m3 = _total([line.volume_m3 for line in lines])
    prices = [words.price(line.price_rub_per_m3) for line in lines if line.price_rub_per_m3 is not None]
    return {
        "title": dial.service_name,
        "note": dial.note,
        "is_metered": dial.is_metered,
        "current": _dial_boxes(dial.current_m3, dial.digits),
        "previous": _dial_boxes(dial.previous_m3, dial.digits),
        "volume": _boxes("" if used_m3 is None else words.volume(used_m3), VOLUME_BOXES),
        "prices": list(dict.fromkeys(prices)),
        "charged": _sum_boxes(_total([line.amount_rub for line in lines]), LINE_RUB_BOXES),
        "benefit": _sum_boxes(_total([line.benefit_rub for line in lines]), BENEFIT_RUB_BOXES),
    }


def _total(values: Sequence[Decimal | None]) -> Decimal | None:
    """Sum what is known; None while a part of it is left to be filled in."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None


def _dial_boxes(value_m3: Decimal | None, digits: int) -> list[str]:
    return list(_dial(value_m3, digits)) or [""] * digits


def _boxes(text: str, count: int) -> list[str]:
    return list(text.replace(words.NBSP, "").rjust(count))


def _sum_boxes(amount_rub: Decimal | None, rub_boxes: int) -> dict[str, list[str]]:
    if amount_rub is None:
        return {"rub": [""] * rub_boxes, "kop": [""] * 2}
    whole, kopecks = words.rub(amount_rub).split(",")
    return {"rub": _boxes(whole, rub_boxes), "kop": list(kopecks)}
