"""Lists of the office: sorted, turned, taken away as files. Payments stand for all of them."""

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.common import tables
from kabinet.common.testing import at
from kabinet.payments.tests.factories import make_payer, make_payment
from kabinet.web.backoffice import lists
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
LIST = reverse("office:payments")


@pytest.fixture
def account():
    return make_account(number="702062012")


@pytest.fixture
def accountant(client, account):
    user = make_member("accountant", account.supplier)
    client.force_login(user)
    return user


def pay(account, *amounts):
    payer = make_payer()
    return [make_payment(account, payer, amount, state="paid") for amount in amounts]


def sums_in(page):
    cells = re.findall(r'<td role="cell" class="number lead">(.*?)</td>', page.content.decode())
    return [cell.replace("\xa0", " ").replace("\u202f", "") for cell in cells]


def lines_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_newest_stand_first_until_a_column_is_chosen(client, accountant, account):
    pay(account, "300.00", "100.00", "200.00")

    assert sums_in(client.get(LIST)) == ["200,00 ₽", "100,00 ₽", "300,00 ₽"]
    assert sums_in(client.get(LIST, {"sort": "amount"})) == ["100,00 ₽", "200,00 ₽", "300,00 ₽"]
    assert sums_in(client.get(LIST, {"sort": "-amount"})) == ["300,00 ₽", "200,00 ₽", "100,00 ₽"]


@pytest.mark.parametrize("sort", ["password", "-basket__user__email", "accounts", "--amount"])
def test_what_is_no_column_to_sort_by_changes_nothing(client, accountant, account, sort):
    pay(account, "300.00", "100.00")

    assert sums_in(client.get(LIST, {"sort": sort})) == ["100,00 ₽", "300,00 ₽"]


def test_a_heading_says_how_it_sorts_and_turns_round_when_pressed_again(client, accountant, account):
    pay(account, "300.00")

    unsorted = client.get(LIST).context["list"].headings[-1]
    greatest = client.get(LIST, {"sort": "-amount", "page": "2", "state": "paid"}).context["list"].headings[-1]
    least = client.get(LIST, {"sort": "amount"}).context["list"].headings[-1]

    assert (unsorted.direction, unsorted.url) == ("", "?sort=-amount")
    assert (greatest.direction, greatest.url) == ("descending", "?sort=amount&state=paid")
    assert (least.direction, least.url) == ("ascending", "?sort=-amount")


def test_equal_rows_keep_their_places_from_page_to_page(client, accountant, account, monkeypatch):
    monkeypatch.setattr(lists, "ON_A_PAGE", 2)
    payments = pay(account, *["100.00"] * 5)

    seen = []
    for number in ("1", "2", "3"):
        page = client.get(LIST, {"sort": "amount", "page": number})
        seen += [row.public_id for row in page.context["list"].rows]

    assert seen == [payment.public_id for payment in payments]


def test_a_page_says_which_rows_it_shows_and_keeps_the_filter(client, accountant, account, monkeypatch):
    monkeypatch.setattr(lists, "ON_A_PAGE", 2)
    pay(account, *["100.00"] * 5)

    first = client.get(LIST, {"state": "paid"}).context["list"]
    last = client.get(LIST, {"state": "paid", "page": "3"}).context["list"]

    assert (first.text, first.previous_url, first.next_url) == ("1–2", "", "?state=paid&page=2")
    assert (last.text, last.previous_url, last.next_url) == ("5–5 из 5", "?state=paid&page=2", "")


def test_beyond_the_last_page_a_list_says_so(client, accountant, account, monkeypatch):
    monkeypatch.setattr(lists, "ON_A_PAGE", 1)
    monkeypatch.setattr(lists, "MOST_PAGES", 2)
    pay(account, *["100.00"] * 3)

    assert client.get(LIST, {"page": "2"}).context["list"].next_url == ""
    assert "Дальше список не показываем" in text_of(client.get(LIST, {"page": "7"}))


def test_the_file_holds_all_rows_that_the_filter_gives_in_the_order_of_the_list(
    client, accountant, account, monkeypatch
):
    monkeypatch.setattr(lists, "ON_A_PAGE", 1)
    make_payment(account, make_payer(), "1234.50", state="paid", created_at=at("2026-11-22 10:05"))
    make_payment(account, make_payer(), "70.00", state="paid", created_at=at("2026-11-21 23:30"))
    make_payment(account, make_payer(), "9.00", state="open", gateway_payment_id="other")

    headings, *lines = lines_of(client.get(LIST, {"state": "paid", "sort": "amount", "download": "csv"}))

    assert headings[:4] == ["Лицевой счёт", "Начат", "Состояние", "Сумма"]
    assert [line[:4] for line in lines] == [
        ["702062012", "21.11.2026 23:30", "Оплачено", "70,00"],
        ["702062012", "22.11.2026 10:05", "Оплачено", "1234,50"],
    ]


def test_the_file_has_a_name_that_people_read(client, accountant, account):
    pay(account, "300.00")
    with shown_on("2026-11-22"):
        answer = client.get(LIST, {"download": "xlsx"})

    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "%D0%9F%D0%BB%D0%B0%D1%82%D0%B5%D0%B6%D0%B8%2022.11.2026.xlsx" in answer.headers["content-disposition"]


def test_an_export_leaves_an_entry_without_what_was_typed(client, accountant, account):
    pay(account, "300.00")

    client.get(LIST, {"download": "csv", "state": "paid", "text": "702062012"})

    entry = Entry.objects.get(action="list.exported")
    assert (entry.actor_id, entry.supplier_id, entry.subject) == (accountant.pk, account.supplier_id, "list:payments")
    assert entry.details == {"format": "csv", "rows": 1, "filters": {"state": "paid", "text": "…"}}


def test_an_export_of_several_suppliers_leaves_an_entry_at_each(client, account):
    other = make_account()
    client.force_login(make_member("operator"))

    client.get(LIST, {"download": "csv"})
    assert set(Entry.objects.values_list("supplier_id", flat=True)) == {account.supplier_id, other.supplier_id}

    client.get(LIST, {"download": "csv", "supplier_id": other.supplier_id})
    assert Entry.objects.filter(supplier_id=account.supplier_id).count() == 1


def test_looking_at_a_list_leaves_no_entry(client, accountant, account):
    client.get(LIST)

    assert not Entry.objects.filter(action="list.exported").exists()


def test_another_suppliers_rows_are_not_in_the_file(client, accountant, account):
    pay(account, "300.00")
    make_payment(make_account(), make_payer(), "77.77", state="paid")

    assert len(lines_of(client.get(LIST, {"download": "csv"}))) == 2


def test_more_rows_than_a_file_holds_are_refused_and_nothing_is_noted(client, accountant, account, monkeypatch):
    monkeypatch.setattr(lists, "MOST_EXPORTED", 2)
    pay(account, "1.00", "2.00")
    assert client.get(LIST, {"download": "csv"}).status_code == 200
    pay(account, "3.00")

    answer = client.get(LIST, {"download": "csv"})

    assert answer.status_code == 422
    assert "не больше 2 строк" in text_of(answer)
    assert Entry.objects.filter(action="list.exported").count() == 1


def test_a_format_that_is_not_there_is_the_page(client, accountant, account):
    assert client.get(LIST, {"download": "exe"}).headers["content-type"].startswith("text/html")


EVERY_LIST = [
    ("payments", "accountant"),
    ("suspense", "accountant"),
    ("refunds", "accountant"),
    ("days", "accountant"),
    ("payouts", "accountant"),
    ("accruals", "accountant"),
    ("registers", "accountant"),
    ("readings", "support"),
    ("questions", "support"),
    ("notices", "manager"),
    ("audit", "manager"),
]


@pytest.mark.parametrize(("route", "role"), EVERY_LIST)
def test_every_list_sorts_both_ways_by_each_column_that_says_so(client, account, route, role):
    client.force_login(make_member(role, account.supplier))
    url = reverse(f"office:{route}")

    headings = [heading for heading in client.get(url).context["list"].headings if heading.url]

    assert headings
    for heading in headings:
        pressed = client.get(url + heading.url)
        again = next(found for found in pressed.context["list"].headings if found.title == heading.title)
        assert again.direction
        assert client.get(url + again.url).status_code == 200


@pytest.mark.parametrize(("route", "role"), EVERY_LIST)
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_every_list_goes_away_as_a_file(client, account, route, role, file_format):
    client.force_login(make_member(role, account.supplier))

    answer = client.get(reverse(f"office:{route}"), {"download": file_format})

    assert answer.headers["content-disposition"].startswith("attachment")
    assert Entry.objects.get(action="list.exported").supplier_id == account.supplier_id


ROW = [Decimal("-1234.50"), 7, dt.date(2026, 11, 22), dt.datetime(2026, 11, 22, 9, 41), "=1+1", None, True]  # noqa: DTZ001


def test_a_number_keeps_its_minus_and_a_text_cannot_be_a_formula():
    file = tables.csv_file("Проба", ["=А"], [ROW])

    assert file.read().decode("utf-8-sig") == "'=А\r\n-1234,50;7;22.11.2026;22.11.2026 09:41;'=1+1;;да\r\n"


def test_a_workbook_keeps_types_and_holds_no_formula():
    file = tables.xlsx_file("Проба", ["Сумма", "Счёт"], [[*ROW, "https://example.ru", "0001"]])

    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert re.search(r'<c r="A2" s="\d+"><v>-1234.50</v></c>', sheet)
    assert re.search(r'<c r="C2" s="\d+"><v>46348</v></c>', sheet)
    assert '<c r="E2" t="inlineStr"><is><t>=1+1</t></is></c>' in sheet
    assert '<c r="I2" t="inlineStr"><is><t>0001</t></is></c>' in sheet


def test_a_workbook_of_nothing_opens_too():
    with zipfile.ZipFile(tables.xlsx_file("Проба", ["Сумма"], [])) as book:
        assert book.testzip() is None
