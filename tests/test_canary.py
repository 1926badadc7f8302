"""Canaries: words that open doors or name people are planted in a shop, a payer and a card, and must sing nowhere.

Somebody pays, is refused, agrees to a standing order, is refunded; bells ring, the gateway fails and our settings
break. Then every log, every error page, the staff's pages and the letters are searched.
"""

import io
import logging
import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.config.logs import formatter
from kabinet.outbox.testing import run_jobs
from kabinet.payments.models import Autopay, Payment, Shop
from kabinet.payments.tests.factories import make_accountant, make_shop
from kabinet.payments.usecases.agree_to_autopay import agree_to_autopay
from kabinet.payments.usecases.refund_payment import refund_payment
from kabinet.payments.usecases.settle_payment import settle_payment
from kabinet.people.tests.factories import make_user
from kabinet.web.backoffice.tests.factories import make_member
from sandbox.testing import running_sandbox
from sandbox.tests.browsing import browse

pytestmark = pytest.mark.django_db

SHOP_KEY, CALLBACK_KEY = "canary-shop-key-71f3", "canary-callback-key-52c8"
CARD = "5555555555554444"
NAMES = {"canary.payer@people.invalid": "e-mail", "+79991234567": "phone", "777000777": "account number"}


@dataclass(frozen=True)
class Canaries:
    """What must not be found: secrets nowhere, names in no log and on no error page."""

    secrets: dict[str, str]

    def in_log(self, text: str) -> list[str]:
        return leaks(text, {**self.secrets, **NAMES})

    def in_page(self, text: str, *, except_for: str = "") -> list[str]:
        return leaks(text, {word: what for word, what in self.secrets.items() if what != except_for})


def leaks(text: str, words: dict[str, str]) -> list[str]:
    """Name what a text gives away, also when it is written with spaces."""
    close = re.sub(r"[\s\u00a0]", "", text)
    return sorted({what for word, what in words.items() if word in text or word in close})


def test_the_search_finds_what_is_there():
    assert leaks("paid with 5555 5555 5555 4444", {CARD: "card"}) == ["card"]
    assert leaks("nothing to see", {CARD: "card"}) == []


@pytest.fixture
def log():
    """What the processes would write into their log, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_no_canary_sings(settings, log, mailoutbox):
    with running_sandbox(shops=[f"100500:{SHOP_KEY}"]) as gateway:
        settings.YOOKASSA_URL = gateway.api_url
        payer = make_user("canary.payer@people.invalid", phone="+79991234567")
        account = make_account(number="777000777")
        make_access(payer, account)
        make_charge(account, "1000.00")
        shop = make_shop(account.supplier, secret=SHOP_KEY, saves_methods=True)
        bank = make_shop(make_account().supplier, gateway="sberbank", callback_key=CALLBACK_KEY)
        browser, staff = Client(raise_request_exception=False), Client(raise_request_exception=False)
        browser.force_login(payer)
        staff.force_login(make_member("operator", is_superuser=True))

        pages = [*walk(browser, gateway, account, payer), *errors(browser, settings, account, shop, bank)]
        office = look_round(staff)
        # YooKassa calls a saved card by the number of the payment that bound it, which is no secret; ours is sealed.
        assert Autopay.objects.get().sealed_method != Autopay.objects.get().method_id

    canaries = Canaries(
        {
            SHOP_KEY: "shop key",
            CALLBACK_KEY: "callback key",
            CARD: "card number",
            browser.session.session_key: "session",
            staff.session.session_key: "session of staff",
            shop.hook_secret: "hook secret",
            bank.hook_secret: "hook secret",
        }
    )
    assert "payment_rejected" in log.getvalue()
    assert "Internal Server Error" in log.getvalue()
    assert canaries.in_log(log.getvalue()) == []
    for page in pages:
        assert canaries.in_page(page) == []
    for page in office:
        assert canaries.in_page(page, except_for="hook secret") == []  # its address is there to be copied
    assert mailoutbox
    for letter in mailoutbox:
        assert canaries.in_page(letter.message().as_string() + letter.body) == []


def walk(browser, gateway, account, payer) -> list[str]:
    """Pay, be refused, agree to a standing order, be refunded; give every page that was seen."""
    paid = press(browser, account, "100.00")
    page = browse(paid.confirmation_url)
    browse(paid.confirmation_url, {**page.fields, "number": CARD})
    seen = [browser.get(f"/payments/{paid.public_id}/return/").content.decode()]
    ring(browser, paid.shop, paid.gateway_payment_id)
    run_jobs()

    refused = press(browser, account, "200.00")
    gateway.decline(refused.gateway_payment_id, "insufficient_funds")
    ring(browser, refused.shop, refused.gateway_payment_id)
    run_jobs()
    seen.append(browser.get(f"/payments/{refused.public_id}/").content.decode())

    first = agree_to_autopay(
        supplier_id=account.supplier_id,
        account_id=account.id,
        day=25,
        cap_rub=Decimal("3000.00"),
        first_sum_rub=Decimal("1.00"),
        consent_version=1,
        visitor_address="192.0.2.7",
        request_id=uuid4(),
        actor=payer,
        now=timezone.now(),
    )
    gateway.pay(first.gateway_payment_id)
    settle_payment(supplier_id=first.supplier_id, payment_id=first.id, now=timezone.now())
    paid.refresh_from_db()
    refund_payment(
        supplier_id=account.supplier_id,
        payment_id=paid.id,
        amount_rub=Decimal("40.00"),
        note="Переплата",
        request_id=uuid4(),
        actor=make_accountant(account.supplier),
        now=timezone.now(),
    )
    run_jobs()
    addresses = ["/", f"/payments/{paid.public_id}/", f"/accounts/{account.supplier_id}/{account.id}/autopay/"]
    return [*seen, *(browser.get(address).content.decode() for address in addresses)]


def errors(browser, settings, account, shop: Shop, bank: Shop) -> list[str]:
    """Meet every kind of failure; give the pages that apologise."""
    seen = []
    shop.secret = f"{SHOP_KEY}-that-is-wrong"
    shop.save()
    assert press(browser, account, "300.00").state == "failed"
    shop.secret = SHOP_KEY
    shop.save()
    good, settings.YOOKASSA_URL = settings.YOOKASSA_URL, "http://127.0.0.1:9/v3"
    assert press(browser, account, "400.00").state == "intended"
    settings.YOOKASSA_URL = good

    at_once, settings.GATEWAY_CALLS_AT_ONCE = settings.GATEWAY_CALLS_AT_ONCE, "four"
    broken = send(browser, account, "500.00")
    assert broken.status_code == 500
    seen.append(broken.content.decode())
    settings.GATEWAY_CALLS_AT_ONCE = at_once

    forged = browser.get(bank.hook_path, {"mdOrder": "1", "operation": "deposited", "checksum": "0" * 64})
    stranger = browser.post(shop.hook_path.replace(shop.hook_secret, "0" * 40), b"{}", content_type="application/json")
    assert (forged.status_code, stranger.status_code) == (403, 404)
    missing = browser.get(f"/payments/{uuid4()}/")
    assert missing.status_code == 404
    return [*seen, *(answer.content.decode() for answer in (forged, stranger, missing))]


def look_round(staff: Client) -> list[str]:
    """Read the staff's pages about shops and payments."""
    payment = Payment.objects.filter(state="paid").earliest("id")
    addresses = ["/office/", "/office/payments/", f"/office/payments/{payment.public_id}/", "/office/health/"]
    addresses += [f"/office/admin/payments/shop/{shop.pk}/change/" for shop in Shop.objects.all()]
    answers = {address: staff.get(address) for address in addresses}
    assert [address for address, answer in answers.items() if answer.status_code != 200] == []
    return [answer.content.decode() for answer in answers.values()]


def send(browser: Client, account, amount: str):
    """Press «Оплатить» for a sum."""
    path = f"/accounts/{account.supplier_id}/{account.id}/pay/own-sum/"
    return browser.post(
        path,
        {"amount_rub": amount, "shown_amount_rub": amount, "request_id": str(uuid4()), "knows_of_recent": "on"},
    )


def press(browser: Client, account, amount: str) -> Payment:
    assert send(browser, account, amount).status_code == 302
    return Payment.objects.latest("id")


def ring(browser: Client, shop: Shop, object_id: str) -> None:
    body = {"type": "notification", "event": "payment.succeeded", "object": {"id": object_id}}
    assert browser.post(shop.hook_path, body, content_type="application/json").status_code == 200
