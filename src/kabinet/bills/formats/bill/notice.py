"""The cashier's part of the sheet, in the words of its template: boxes, filled in or left for a pen."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from kabinet.bills.formats import words
from kabinet.bills.formats.bill.content import Bill, BillLine, Part, known_total

# How many empty boxes a person needs at least to fill a sum or a volume in by hand.
VOLUME_BOXES = 5
LINE_RUB_BOXES = 5
BENEFIT_RUB_BOXES = 4
TOTAL_RUB_BOXES = 6


def notice(bill: Bill) -> dict[str, Any]:
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
    """Put the lines of one dial together, and a benefit to the first line of its service: the form has a box for it."""
    groups: list[list[BillLine]] = []
    for line in lines:
        group = groups[-1] if line.goes_on and groups else None
        if line.part == Part.BENEFIT:
            group = next((group for group in groups if group[0].service_name == line.service_name), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return groups


def _notice_row(lines: Sequence[BillLine]) -> dict[str, Any]:
    dial = lines[0]
    charged = [line for line in lines if line.part != Part.BENEFIT]
    benefits = [line.benefit_rub for line in lines if line.part == Part.BENEFIT]
    used_m3 = known_total([line.volume_m3 for line in charged])
    prices = [words.price(line.price_rub_per_m3) for line in charged if line.price_rub_per_m3 is not None]
    charged_rub = known_total([line.amount_rub for line in charged])
    benefit_rub = known_total(benefits) if benefits or charged_rub is not None else None
    return {
        "title": dial.service_name,
        "note": dial.note,
        "is_metered": dial.is_metered,
        "current": _dial_boxes(dial.current_dial, dial.digits),
        "previous": _dial_boxes(dial.previous_dial, dial.digits),
        "volume": _boxes("" if used_m3 is None else words.volume(used_m3), VOLUME_BOXES),
        "prices": list(dict.fromkeys(prices)),
        "charged": _sum_boxes(charged_rub, LINE_RUB_BOXES),
        "benefit": _sum_boxes(benefit_rub, BENEFIT_RUB_BOXES),
    }


def _dial_boxes(shown: str, digits: int) -> list[str]:
    return list(shown) or [""] * digits


def _boxes(text: str, count: int) -> list[str]:
    return list(text.replace(words.NBSP, "").rjust(count))


def _sum_boxes(amount_rub: Decimal | None, rub_boxes: int) -> dict[str, list[str]]:
    if amount_rub is None:
        return {"rub": [""] * rub_boxes, "kop": [""] * 2}
    whole, kopecks = words.rub(amount_rub).split(",")
    return {"rub": _boxes(whole, rub_boxes), "kop": list(kopecks)}
