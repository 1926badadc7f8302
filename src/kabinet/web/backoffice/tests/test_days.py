"""Days of reconciliation as staff close them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments.models import DayLine, GatewayStatement, ReconciliationDay
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
HEADINGS = {
    "payments": "Идентификатор платежа;Сумма платежа;Время платежа\n",
    "refunds": "Идентификатор возврата;Идентификатор платежа;Сумма возврата;Время возврата\n",
}


@pytest.fixture(autouse=True)
def on_the_day():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def day():
    payment = make_payment(make_account(), make_payer(), state="paid")
    return ReconciliationDay.objects.create(
        supplier_id=payment.supplier_id,
        shop=payment.shop,
        day=dt.date(2026, 11, 20),
        has_register=True,
        equal_count=5,
        equal_rub=Decimal("1500.00"),
        reconciled_at=NOW,
    )


@pytest.fixture
def line(day):
    return DayLine.objects.create(
        supplier_id=day.supplier_id,
        reconciliation_day=day,
        finding="theirs_foreign",
        subject="foreign-object",
        theirs_rub=Decimal("77.00"),
    )


@pytest.fixture
def accountant(client, day):
    member = make_member("accountant", day.supplier)
    client.force_login(member)
    return member


def address(name, day, *more):
    return reverse(f"office:{name}", args=[day.supplier_id, day.shop_id, day.day, *more])


def test_a_day_shows_what_is_equal_and_what_differs(client, accountant, day, line):
    words = text_of(client.get(address("day", day)))

    assert "1 500,00 ₽ совпало 5 операций" in words
    assert "есть у них, нашего платежа нет" in words
    assert "foreign-object" in words
    assert "У платёжной системы 77,00 ₽" in words


def test_a_line_is_explained_and_then_the_day_closes(client, accountant, day, line):
    client.post(address("day_note", day, line.id), {f"{line.id}-note": "Зачислено на счёт плательщика"})
    client.post(address("day_close", day), {"close-note": ""})

    day.refresh_from_db()
    assert (day.state, day.closed_by) == ("closed", accountant)
    assert "Зачислено на счёт плательщика" in text_of(client.get(address("day", day)))


def test_a_day_with_a_line_that_nobody_explained_stays_open_and_keeps_what_was_typed(client, accountant, day, line):
    answer = client.post(address("day_close", day), {"close-note": "Так вышло"})

    assert answer.status_code == 422
    assert "Строк без решения: 1" in text_of(answer)
    assert "Так вышло" in answer.content.decode()
    day.refresh_from_db()
    assert day.state == "open"


def test_an_empty_note_is_refused_beside_its_own_line(client, accountant, day, line):
    answer = client.post(address("day_note", day, line.id), {f"{line.id}-note": ""})

    assert answer.status_code == 422
    assert f'id="id_{line.id}-note_error"' in answer.content.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_register_files_are_loaded_in_the_encodings_that_they_come_in(client, accountant, day, encoding):
    files = {
        f"{name}_file": SimpleUploadedFile(f"реестр-{name}.csv", headings.encode(encoding))
        for name, headings in HEADINGS.items()
    }

    answer = client.post(address("day_register", day), files)

    assert answer.status_code == 302, text_of(answer)
    assert set(GatewayStatement.objects.values_list("source", "file_name")) == {
        ("payments", "реестр-payments.csv"),
        ("refunds", "реестр-refunds.csv"),
    }


def test_a_press_without_files_is_refused(client, accountant, day):
    answer = client.post(address("day_register", day), {})

    assert answer.status_code == 422
    assert "Выберите файл реестра." in text_of(answer)


def test_what_is_no_register_is_refused_and_nothing_is_loaded(client, accountant, day):
    answer = client.post(
        address("day_register", day), {"payments_file": SimpleUploadedFile("photo.csv", b"\x89PNG\x98\x00")}
    )

    assert answer.status_code == 422
    assert not GatewayStatement.objects.exists()


def test_a_gateway_that_does_not_answer_is_said(client, accountant, day, settings):
    settings.YOOKASSA_URL = "http://127.0.0.1:9/v3"

    answer = client.post(address("day_reconcile", day), follow=True)

    assert "Попробуйте позже" in text_of(answer)


@pytest.mark.parametrize(("state", "is_shown"), [("", True), ("open", True), ("closed", False)])
def test_the_list_is_narrowed_by_state(client, accountant, day, state, is_shown):
    words = text_of(client.get(reverse("office:days"), {"state": state} if state else {}))

    assert ("20 ноября 2026" in words) is is_shown


def test_a_day_that_is_no_day_is_not_there(client, accountant, day):
    assert client.get(address("day", day).replace("2026-11-20", "2026-02-31")).status_code == 404


def test_the_pages_cost_a_fixed_number_of_queries(client, accountant, day, line, django_assert_num_queries):
    with django_assert_num_queries(8):
        client.get(reverse("office:days"))
    with django_assert_num_queries(10):
        client.get(address("day", day))
