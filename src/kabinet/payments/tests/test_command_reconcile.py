"""./kabinet manage reconcile: each line is printed, and the exit code says whether the days are closed."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments.models import Payment
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop, make_started_payment
from kabinet.payments.usecases.settle_payment import settle_payment

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments, code=0):
    """Run the command, check its exit code and give what it wrote."""
    written = io.StringIO()
    ended_with = 0
    try:
        call_command("reconcile", *map(str, arguments), stdout=written)
    except SystemExit as end:
        ended_with = end.code
    assert ended_with == code, written.getvalue()
    return written.getvalue()


@pytest.fixture
def paid(faulty_gateway):
    """A payment of the sandbox's present day; the command itself lives later."""
    gateway = faulty_gateway()
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    payment = settle_payment(supplier_id=payment.supplier_id, payment_id=payment.id, now=NOW)
    payment.gateway = gateway
    return payment


@pytest.fixture(autouse=True)
def _later(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + dt.timedelta(days=1))


@pytest.fixture
def files(paid, tmp_path):
    names = {"payments": tmp_path / "payments.csv", "refunds": tmp_path / "refunds.csv"}
    for kind, text in paid.gateway.register("2026-11-22").items():
        names[kind].write_text(text, encoding="utf-8", newline="")
    return names


def test_a_day_that_is_closed_ends_with_zero(paid, files):
    code = paid.supplier.code
    arguments = ["--date", "2026-11-22", "--supplier", code, "--register", files["payments"]]

    assert run(*arguments, "--refunds", files["refunds"]) == (
        f"{code} yookassa:100500 2026-11-22: closed, 1 equal, 1000.00 RUB, register loaded\n"
    )
    assert "closed" in run("--date", "2026-11-22")
    with pytest.raises(CommandError, match=r"Файл «payments\.csv» уже загружен"):
        run(*arguments)


def test_a_day_without_its_register_ends_with_one(paid):
    assert run("--date", "2026-11-22", code=1) == (
        f"{paid.supplier.code} yookassa:100500 2026-11-22: open, 1 equal, 1000.00 RUB, no register\n"
    )


def test_every_line_that_differs_is_printed(faulty_gateway):
    faulty_gateway()
    payment = make_payment(make_account(), make_payer(), "100.00", state="paid")

    written = run("--date", "2026-11-22", code=1)

    assert f"  only_ours payment {payment.gateway_payment_id}: ours 100.00, theirs None, open\n" in written


def test_a_silent_gateway_ends_with_one(settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"
    make_shop(make_account().supplier)

    assert "the gateway did not say" in run("--date", "2026-11-22", code=1)


def test_lost_payments_are_restored(faulty_gateway):
    gateway = faulty_gateway()
    payment = make_started_payment("1000.00")
    gateway.pay(payment.gateway_payment_id)
    payment.shares.all().delete()
    Payment.objects.all().delete()

    assert run("--restore", "--since", "2026-11-22") == (
        f"  {payment.public_id} 1000.00 RUB paid\n{payment.supplier.code} yookassa:100500: 1 restored\n"
    )
    assert run("--restore", "--since", "2026-11-22").endswith("0 restored\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--date is needed"),
        (["--restore"], "--restore needs --since"),
        (["--restore", "--since", "2026-11-22", "--date", "2026-11-22"], "--restore needs --since"),
        (["--date", "2026-11-22", "--supplier", "nobody"], "no shop takes payments for nobody"),
    ],
)
def test_wrong_arguments_are_explained(arguments, message):
    make_shop(make_account().supplier)

    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_a_register_needs_its_supplier(files):
    make_shop(make_account().supplier)

    with pytest.raises(CommandError, match="a register is of one shop"):
        run("--date", "2026-11-22", "--register", files["payments"])
