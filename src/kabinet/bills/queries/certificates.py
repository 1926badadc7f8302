"""Certificates of an account: those that were issued, each as PDF, and what anybody is told who has a code."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from kabinet.accounts import queries as accounts
from kabinet.bills.formats import certificate as certificate_format
from kabinet.bills.formats import check_code
from kabinet.bills.formats.certificate import CertificatePaper
from kabinet.bills.models import Certificate
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers

DIGITS_LEFT_OPEN = 4
LISTED = 24


@dataclass(frozen=True)
class CertificateCard:
    """A certificate in the list of its account."""

    id: int
    code: str
    stated_on: dt.date
    issued_at: dt.datetime

    @property
    def written_code(self) -> str:
        return check_code.written(self.code)


@dataclass(frozen=True)
class CheckedCertificate:
    """What anybody with the code is told: what the paper says, without who pays and where. The number is masked."""

    written_code: str
    stated_on: dt.date
    issued_at: dt.datetime
    charged_period: Month | None
    debt_rub: Decimal
    account_number: str
    supplier_name: str
    supplier_inn: str


def certificates_of(supplier_id: int, account_id: int, *, visible_to: User) -> list[CertificateCard]:
    """Give the certificates of an account, newest first. Raises NotFound, FullAccessRequired."""
    accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    rows = Certificate.objects.filter(supplier_id=supplier_id, account_id=account_id)[:LISTED]
    return [CertificateCard(row.id, row.code, row.stated_on, row.issued_at) for row in rows]


def certificate_of_day(supplier_id: int, account_id: int, day: dt.date) -> Certificate | None:
    return Certificate.objects.filter(supplier_id=supplier_id, account_id=account_id, stated_on=day).first()


def debt_rub(supplier_id: int, account_id: int) -> Decimal:
    """Sum what is owed service by service: what was paid ahead for one service is no payment for another."""
    services = ledger.balances_by_service(supplier_id, account_id)
    return sum((service.balance_rub for service in services if service.balance_rub > 0), ZERO)


def certificate_pdf(supplier_id: int, account_id: int, certificate_id: int, *, visible_to: User) -> bytes:
    """Typeset a certificate. Raises NotFound, also for one of another account; FullAccessRequired."""
    accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    row = Certificate.objects.filter(supplier_id=supplier_id, account_id=account_id, id=certificate_id).first()
    if row is None:
        raise NotFound
    supplier = suppliers.supplier_card(supplier_id)
    contacts = [supplier.address, supplier.phone, supplier.email]
    return certificate_format.render(
        CertificatePaper(
            code=row.code,
            stated_on=row.stated_on,
            issued_at=row.issued_at.astimezone(supplier.zone),
            charged_period=row.charged_period,
            advance_rub=row.advance_rub,
            supplier_name=supplier.full_name or supplier.name,
            supplier_inn=supplier.inn,
            supplier_contacts=" · ".join(contact for contact in contacts if contact),
            account_number=row.account_number,
            payer_name=row.payer_name,
            address=row.address,
            check_page=settings.PUBLIC_URL + reverse("cabinet:certificate_check_form"),
            check_url=settings.PUBLIC_URL + reverse("cabinet:certificate_check", args=[check_code.written(row.code)]),
        )
    )


def certificate_by_code(code: str) -> CheckedCertificate | None:
    """Give what a paper says by its code, as anybody may read it; None when no such paper was ever issued."""
    row = Certificate.objects.filter(code=code).select_related("supplier").first()
    if row is None:
        return None
    return CheckedCertificate(
        written_code=check_code.written(row.code),
        stated_on=row.stated_on,
        issued_at=row.issued_at,
        charged_period=row.charged_period,
        debt_rub=ZERO,
        account_number=_masked(row.account_number),
        supplier_name=row.supplier.name,
        supplier_inn=row.supplier.inn,
    )


def _masked(number: str) -> str:
    """Leave the end of a number open, never more than half of it."""
    shown = min(DIGITS_LEFT_OPEN, len(number) // 2)
    return "•" * (len(number) - shown) + number[len(number) - shown :]
