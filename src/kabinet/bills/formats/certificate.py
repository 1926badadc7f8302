"""«Справка об отсутствии задолженности»: one A4 sheet with the code by which anybody can verify it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kabinet.bills.formats import check_code, words
from kabinet.bills.formats.typesetting import pdf
from kabinet.common.month import Month


@dataclass(frozen=True)
class CertificatePaper:
    """What the paper says. issued_at is in the supplier's time zone; check_url leads to the page of this very code."""

    code: str
    stated_on: dt.date
    issued_at: dt.datetime
    charged_period: Month | None
    advance_rub: Decimal
    supplier_name: str
    supplier_inn: str
    supplier_contacts: str
    account_number: str
    payer_name: str
    address: str
    check_page: str
    check_url: str


def render(paper: CertificatePaper) -> bytes:
    """Typeset a certificate as PDF/A."""
    return pdf("certificate", _printed(paper), made_at=paper.issued_at)


def _printed(paper: CertificatePaper) -> dict[str, Any]:
    code = check_code.written(paper.code)
    charged = f"Начисления учтены по {words.month(paper.charged_period)}." if paper.charged_period else ""
    advance = f"Внесено вперёд: {words.rub(paper.advance_rub)} ₽." if paper.advance_rub else ""
    rows = [
        ("Лицевой счёт", paper.account_number),
        ("Плательщик", paper.payer_name),
        ("Адрес", paper.address),
        ("Поставщик", paper.supplier_name),
        ("ИНН поставщика", paper.supplier_inn),
    ]
    return {
        "title": f"Справка об отсутствии задолженности {code}",
        "supplier_name": paper.supplier_name,
        "supplier_contacts": paper.supplier_contacts,
        "statement": f"На {words.day(paper.stated_on)} года задолженности по лицевому счёту нет",
        "sum": {"label": "Долг", "rub": "0", "kop": "00"},
        "remarks": [remark for remark in (charged, advance) if remark],
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "code": code,
        "check_page": paper.check_page.removeprefix("https://").removeprefix("http://"),
        "symbol": check_code.link_svg(paper.check_url),
        "issued": f"Выдана {words.day(paper.issued_at.date())} года в {paper.issued_at:%H:%M}",
    }
