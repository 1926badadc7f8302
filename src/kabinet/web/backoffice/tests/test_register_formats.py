"""Formats of registers are made over the file itself: what is chosen is shown at once, then kept."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from kabinet.outbox.testing import run_jobs
from kabinet.registers.models import FormatProfile, Register
from kabinet.web.backoffice.tests.test_registers import (  # noqa: F401 - fixtures are used by name
    account,
    address,
    bring,
    files_of_their_own,
    first,
    in_november,
    key_of,
    supplier,
)
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db(transaction=True)

THEIRS = "Выгрузка за ноябрь;;;\n#\n702062012;Сидоров;Пётр;1 234,50\n702062013;Новый;Иван;10 000,00\n"
#: What a browser sends for that file: no headings, the name of two columns, spaces between thousands.
CHOSEN = {
    "encoding": "cp1251",
    "delimiter": ";",
    "quote": '"',
    "skipped_lines": "1",
    "comment": "#",
    "name": "Наши долги",
    "decimal_mark": ",",
    "thousands": " ",
    "money_unit": "rub",
    "date_forms": ["ДД.ММ.ГГГГ"],
    "on_duplicate": "refuse",
    "column_number": ["1"],
    "column_balance_rub": ["4"],
}


@pytest.fixture
def register(client, first, supplier):  # noqa: F811
    bring(client, supplier, THEIRS, kind="balances")
    return Register.objects.get()


def edit(client, register, query="", **chosen):
    return client.post(address("register_format_edit", register) + query, chosen)


def test_the_first_page_has_the_columns_of_the_file_by_their_numbers_and_names(client, first, supplier):  # noqa: F811
    bring(client, supplier, "ЛС;ФИО;Долг\n702062012;Сидоров;15,00\n", kind="balances")

    page = client.get(address("register_format_edit", Register.objects.get()))

    choices = page.context["meaning"].fields["column_number"].choices
    assert [label for _position, label in choices] == [
        "1 · ЛС · «702062012»",
        "2 · ФИО · «Сидоров»",
        "3 · Долг · «15,00»",
    ]


def test_headings_that_are_known_are_found_and_tried_by_themselves(client, first, supplier):  # noqa: F811
    bring(
        client,
        supplier,
        "Лицевой счёт;Услуга;Сумма;Номер операции;Дата оплаты\n702062012;;15,00;a1;20.11.2026\n",
        kind="payments",
    )

    page = text_of(client.get(address("register_format_edit", Register.objects.get())))

    assert "Первые строки читаются." in page
    assert "Лицевой счёт: 702 062 012 Сумма: 15,00 ₽ Номер операции: a1 Дата оплаты: 20.11.2026" in page


def test_what_is_chosen_is_shown_on_the_first_lines_and_nothing_is_kept(client, register):
    page = edit(client, register, **CHOSEN, show="1")

    assert page.status_code == 200
    assert "Лицевой счёт: 702 062 012 Долг (переплата с минусом): 1 234,50 ₽" in text_of(page)
    assert not FormatProfile.objects.exists()


def test_a_number_that_is_written_otherwise_is_marked(client, register):
    page = edit(client, register, **CHOSEN | {"thousands": ""}, show="1")

    assert "Долг (переплата с минусом): «1 234,50» — это не число" in text_of(page)
    assert "Не всё читается" in text_of(page)


def test_a_field_that_must_be_there_is_asked_for(client, register):
    page = edit(client, register, **CHOSEN | {"column_balance_rub": []}, save="1")

    assert page.status_code == 422
    assert "Укажите, где в файле поле «Долг (переплата с минусом)»" in text_of(page)


def test_a_format_is_kept_under_a_name_and_the_file_is_read_by_it(client, register):
    answer = edit(client, register, **CHOSEN, save="1")
    run_jobs(only="registers")

    register.refresh_from_db()
    assert answer.headers["location"] == address("register", register)
    assert FormatProfile.objects.get().name == "Наши долги"
    assert (register.profile_name, register.state, register.refused_count) == ("Наши долги", "checked", 2)


def test_without_a_name_nothing_is_kept(client, register):
    page = edit(client, register, **CHOSEN | {"name": " "}, save="1")

    assert page.status_code == 422
    assert "Назовите формат" in text_of(page)
    assert not FormatProfile.objects.exists()


def test_several_columns_are_put_together(client, first, supplier, account):  # noqa: F811
    bring(client, supplier, "702062012;Сидоров;Пётр;Ильич\n")
    register = Register.objects.get()

    page = edit(
        client,
        register,
        **CHOSEN | {"skipped_lines": "", "column_balance_rub": [], "column_full_name": ["2", "3", "4"]},
        save="1",
    )
    run_jobs(only="registers")

    assert page.status_code == 302
    register.refresh_from_db()
    assert (register.changed_count, register.refused_count) == (1, 0)


def test_one_of_the_own_formats_is_changed_in_place_and_a_ready_one_makes_a_new_one(client, register):
    edit(client, register, **CHOSEN, save="1")
    run_jobs(only="registers")
    own = key_of(client, register, "Наши долги")

    edit(client, register, **CHOSEN | {"name": "Долги из 1С", "from": own}, save="1")
    run_jobs(only="registers")

    kept = FormatProfile.objects.get()
    assert (kept.name, kept.version) == ("Долги из 1С", 2)


def test_what_the_form_does_not_show_of_a_ready_format_stays(client, first, supplier):  # noqa: F811
    line = "20-11-2026;8601;17;702062012;Сидоров П. И.;Пред.пок. 5;Нов.пок. 9;газ 15,00;Пеня 0,00;ТО 0,00\n"
    bring(client, supplier, line, kind="payments")
    register = Register.objects.get()
    ready = key_of(client, register, "Оплаты из банка с разбивкой: газ, пени, ТО")

    shown = client.get(address("register_format_edit", register), {"from": ready})

    assert "Они останутся как есть" in text_of(shown)
    assert "Услуга: gas Сумма: 15,00 ₽" in text_of(shown) or "Сумма: 15,00 ₽" in text_of(shown)
    assert "column_amount_rub" not in shown.context["meaning"].fields


def test_a_format_that_is_no_longer_needed_is_put_away(client, register, supplier):  # noqa: F811
    edit(client, register, **CHOSEN, save="1")
    run_jobs(only="registers")
    kept = FormatProfile.objects.get()

    client.post(reverse("office:register_format_delete", args=[supplier.id, kept.id]))

    kept.refresh_from_db()
    assert kept.is_removed
    assert "Своих форматов ещё нет" in text_of(client.get(reverse("office:register_formats")))


def sample(client, supplier, kind, query=""):  # noqa: F811
    return client.get(reverse("office:register_sample", args=[supplier.id, kind]) + query)


def test_an_example_of_each_kind_is_a_link_beside_the_upload_and_is_read_by_its_format(client, first, supplier):  # noqa: F811
    page = client.get(reverse("office:register_upload")).content.decode()

    for kind, name in (("balances", "kabinet: остатки"), ("payments", "kabinet: оплаты")):
        assert reverse("office:register_sample", args=[supplier.id, kind]) in page
        answer = sample(client, supplier, kind)
        assert quote(f"Образец: {name.replace(': ', ' ')}.csv") in answer.headers["Content-Disposition"]
        bring(client, supplier, answer.content.decode("utf-8-sig"), kind=kind)
        chosen = client.get(address("register_format", Register.objects.order_by("-id").first()))
        assert next(tried.format.name for tried in chosen.context["tried"] if tried.fits) == name


def test_a_format_of_ones_own_has_an_example_too(client, first, supplier, register):  # noqa: F811
    edit(client, register, **CHOSEN, save="1")
    own = FormatProfile.objects.get()

    page = client.get(reverse("office:register_formats")).content.decode()
    answer = sample(client, supplier, "balances", f"?format=own-{own.id}")

    assert f"?format=own-{own.id}" in page
    assert answer.content.decode("cp1251").splitlines()[0] == "Образец"
    assert sample(client, supplier, "balances", "?format=own-0").status_code == 404
    assert sample(client, supplier, "bills").status_code == 404
