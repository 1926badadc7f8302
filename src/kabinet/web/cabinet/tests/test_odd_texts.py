"""Texts that somebody else wrote are shown letter by letter: on pages, on papers, in letters."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.bills.models import Certificate
from kabinet.bills.tests.papers import words_of
from kabinet.charges.models import Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_bank_details, make_service, make_supplier
from kabinet.support.models import Question
from kabinet.tariffs.tests.factories import make_accountant
from kabinet.web.cabinet.tests.screens import shown_on

pytestmark = pytest.mark.django_db

ODD = """<script>alert(1)</script> "«'#panic("x")$x^2$\\u{41}*_@y`z`//[]{{7}}{%"""
LONG = "Ы" * 250


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account(client):
    supplier = make_supplier(full_name=ODD)
    make_bank_details(supplier)
    user = make_user()
    account = make_account(supplier, number="702062012", surname=ODD[:80], street_address=ODD, flat="#1")
    make_access(user, account)
    client.force_login(user)
    make_charge(account, "122.50", period="2026-10", formula=ODD, rule_source=ODD)
    for reason in (ODD, LONG):
        adjust_charge(
            supplier_id=supplier.id,
            account_id=account.id,
            service_id=Service.objects.get(supplier=supplier, is_main=True).id,
            amount_rub=Decimal("10.00"),
            reason=reason,
            request_id=uuid4(),
            actor=make_accountant(supplier),
            now=NOW,
        )
    return account


def address(name, account, *more):
    return reverse(f"cabinet:{name}", args=[account.supplier_id, account.id, *more])


def test_pages_show_them_and_run_none_of_them(client, account):
    for period in ("2026-10", "2026-11"):
        pages = [
            address("charges_month", account, period),
            address("account_statement", account),
            address("bill", account, period),
        ]
        charge = Charge.objects.filter(account=account, period__lte="2026-11-01").last()
        for url in [*pages, address("charge_disagree", account, "2026-11", charge.id)]:
            response = client.get(url)
            assert response.status_code == 200, url
            if not response["Content-Type"].startswith("text/html"):
                continue
            assert "<script>alert" not in response.content.decode(), url


def test_papers_print_them_letter_by_letter(client, account):
    make_payment(account, "142.50")
    client.post(address("certificates", account))
    papers = [
        address("bill", account, "2026-10"),
        address("certificate", account, Certificate.objects.get().id),
        address("account_statement_pdf", account) + "?since=2026-10&last=2026-11",
    ]

    for url in papers:
        response = client.get(url)
        assert response["Content-Type"] == "application/pdf", url
        assert '#panic("x")$x^2$' in words_of(response.content).replace(" ", ""), url


def test_a_question_about_them_reaches_support_as_text(client, account, mailoutbox):
    charge = Charge.objects.filter(account=account, kind="adjustment").first()
    client.post(address("charge_disagree", account, "2026-11", charge.id), {"text": ODD, "request_id": str(uuid4())})
    run_jobs()

    question = Question.objects.get()
    assert client.get(reverse("cabinet:question", args=[question.id])).status_code == 200
    [letter] = mailoutbox
    assert "<script>alert(1)</script>" in letter.body
    assert all("<script>" not in content for content, kind in getattr(letter, "alternatives", []))


def test_what_is_paid_ahead_for_one_service_does_not_hide_the_debt_of_another(client, account):
    make_payment(account, "142.50")
    upkeep = make_service(account.supplier, Service.MAINTENANCE, name="Обслуживание")
    make_charge(account, "20.00", period="2026-10", service=upkeep)
    make_payment(account, "500.00")

    response = client.post(address("certificates", account))

    assert response.status_code == 422
    assert not Certificate.objects.exists()
