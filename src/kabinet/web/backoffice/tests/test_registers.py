"""Registers in the office: a file is brought, read, looked at, applied by a second person, and undone."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.audit.models import Entry
from kabinet.charges.tests.factories import make_charge
from kabinet.common.testing import NOW
from kabinet.outbox.testing import run_jobs
from kabinet.registers.models import Register, RegisterLimits
from kabinet.registers.tests.files import statement, table, workbook
from kabinet.registers.tests.incoming import profile_for
from kabinet.registers.usecases.read_register import read_register
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS = "Лицевой счёт;Фамилия;Квартира\n702062012;Сидоров;7\n702062013;Новый;8\n12;Не тот;9\n"
PAYMENTS = "Лицевой счёт;Сумма;Номер операции;Дата оплаты\n702062012;150,00;op-1;20.11.2026\n"


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def supplier():
    return make_supplier(billing="external")


@pytest.fixture
def account(supplier):
    return make_account(supplier, number="702062012", surname="Петров", flat="7")


@pytest.fixture
def first(client, supplier):
    member = make_member("accountant", supplier)
    client.force_login(member)
    return member


@pytest.fixture
def second(supplier):
    return make_member("accountant", supplier)


def bring(client, supplier, content=ACCOUNTS, *, kind="accounts", encoding="cp1251", name="file.csv"):
    file = SimpleUploadedFile(name, content.encode(encoding))
    return client.post(reverse("office:register_upload"), {"supplier_id": supplier.id, "kind": kind, "file": file})


def address(name, register):
    return reverse(f"office:{name}", args=[register.supplier_id, register.id])


def key_of(client, register, name):
    """Give what the button of a format sends, as the page has it."""
    tried = client.get(address("register_format", register)).context["tried"]
    return next(each.format.key for each in tried if each.format.name == name)


def bring_and_read(client, supplier, content=ACCOUNTS, *, kind="accounts", by="kabinet: лицевые счета"):
    bring(client, supplier, content, kind=kind)
    register = Register.objects.latest("id")
    client.post(address("register_format", register), {"format": key_of(client, register, by)})
    run_jobs(only="registers")
    register.refresh_from_db()
    return register


def approve(client, register, *, note=""):
    """Press the button of a page that shows the register as it is now."""
    seen_at = register.checked_at.isoformat()
    return client.post(address("register_approve", register), {"checked_at": seen_at, "note": note})


def test_a_file_is_looked_at_before_anything_in_it_is_read(client, first, supplier):
    answer = bring(client, supplier)

    register = Register.objects.get()
    page = text_of(client.get(answer.headers["location"]))
    assert answer.headers["location"] == address("register_format", register)
    assert "кодировка cp1251 · разделитель «;»" in page
    assert "kabinet: лицевые счета подходит" in page


@pytest.mark.parametrize("name", ["register_format", "register_format_edit"])
def test_a_line_of_tens_of_thousands_of_cells_makes_no_page_of_megabytes(client, first, supplier, name):
    bring(client, supplier, f"Лицевой счёт{';' * 60_000}\n702062012{';' * 60_000}\n")

    page = client.get(address(name, Register.objects.get()))

    assert page.status_code == 200
    assert len(page.content) < 1_000_000


def test_formats_that_fit_come_first_and_the_others_say_why_not(client, first, supplier):
    bring(client, supplier)

    tried = client.get(address("register_format", Register.objects.get())).context["tried"]

    assert [(each.format.name, each.fits) for each in tried] == [
        ("kabinet: лицевые счета", True),
        ("ГИС ЖКХ: лицевые счета", False),
    ]
    assert "книга Excel" in tried[1].reason


def test_the_page_says_what_would_change_and_why_lines_are_refused(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    page = text_of(client.get(address("register", register)))

    assert "Новые строки 1" in page
    assert "Меняют то, что есть 1" in page
    assert "Фамилия: Петров → Сидоров" in page
    assert "Лицевой счёт: «12» — не похоже на номер счёта этого поставщика" in page


def test_what_changes_no_money_is_applied_by_whoever_brought_it(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    approve(client, register)
    run_jobs(only="registers")

    account.refresh_from_db()
    assert account.surname == "Сидоров"
    assert Account.objects.filter(number="702062013").exists()
    assert "проведён" in text_of(client.get(address("register", register)))


def test_money_is_applied_by_another_person(client, first, second, supplier, account):
    register = bring_and_read(client, supplier, PAYMENTS, kind="payments", by="kabinet: оплаты")
    own = text_of(client.get(address("register", register)))
    forced = approve(client, register)

    client.force_login(second)
    approve(client, register)
    run_jobs(only="registers")

    register.refresh_from_db()
    assert "Провести должен другой сотрудник." in own
    assert "Провести реестр" not in own
    assert forced.status_code == 422
    assert (register.state, register.applied_by) == ("applied", second)


def test_a_page_that_was_overtaken_applies_nothing_and_shows_what_there_is_now(client, first, supplier, account):
    register = bring_and_read(client, supplier)
    page = client.get(address("register", register)).content.decode()
    Register.objects.filter(pk=register.pk).update(checked_at=register.checked_at + dt.timedelta(minutes=1))

    overtaken = approve(client, register)
    register.refresh_from_db()
    approve(client, register)

    assert f'name="checked_at" value="{register.checked_at.isoformat()}"' not in page
    assert overtaken.status_code == 422
    assert "этот файл прочитали заново" in text_of(overtaken)
    assert f'name="checked_at" value="{register.checked_at.isoformat()}"' in overtaken.content.decode()
    register.refresh_from_db()
    assert register.state == "applying"


def test_beyond_a_limit_a_few_words_are_asked_for(client, first, second, supplier, account):
    RegisterLimits.objects.create(supplier=supplier, kind="payments", line_rub="100")
    register = bring_and_read(client, supplier, PAYMENTS, kind="payments", by="kabinet: оплаты")
    client.force_login(second)

    page = text_of(client.get(address("register", register)))
    silent = approve(client, register)
    approve(client, register, note="Платёж за год")
    run_jobs(only="registers")

    register.refresh_from_db()
    assert "В одной строке 150,00 ₽, а предел — 100,00 ₽." in page
    assert silent.status_code == 422
    assert "напишите, почему" in text_of(silent)
    assert (register.state, register.note) == ("applied", "Платёж за год")


def test_an_applied_register_is_undone_with_a_reason(client, first, supplier, account):
    register = bring_and_read(client, supplier)
    approve(client, register)
    run_jobs(only="registers")

    client.post(address("register_undo", register), {"reason": "Прислали не тот файл"})
    run_jobs(only="registers")

    account.refresh_from_db()
    page = text_of(client.get(address("register", register)))
    assert account.surname == "Петров"
    assert "Почему отменён Прислали не тот файл" in page


def test_a_register_with_money_is_undone_by_another_person_than_the_one_who_asks(
    client, first, second, supplier, account
):
    register = bring_and_read(client, supplier, PAYMENTS, kind="payments", by="kabinet: оплаты")
    client.force_login(second)
    approve(client, register)
    run_jobs(only="registers")

    client.post(address("register_undo", register), {"reason": "Прислали не тот файл"})
    own = client.get(address("register", register))
    alone = client.post(address("register_undo_approve", register))
    client.force_login(first)
    start = text_of(client.get(reverse("office:home")))
    page = text_of(client.get(address("register", register)))
    client.post(address("register_undo_approve", register))
    run_jobs(only="registers")

    assert address("register_undo_approve", register) not in own.content.decode()
    assert "Отозвать просьбу" in text_of(own)
    assert (alone.status_code, "Решить должен другой сотрудник" in text_of(alone)) == (422, True)
    assert f"Реестр № {register.number} просят отменить" in start
    assert "просит отменить этот реестр. Прислали не тот файл" in page
    register.refresh_from_db()
    assert (register.state, register.undone_by, register.recalled_by) == ("undone", first, second)


def test_a_register_that_is_not_to_be_undone_stands(client, first, second, supplier, account):
    register = bring_and_read(client, supplier, PAYMENTS, kind="payments", by="kabinet: оплаты")
    client.force_login(second)
    approve(client, register)
    run_jobs(only="registers")
    client.post(address("register_undo", register), {"reason": "Прислали не тот файл"})

    client.post(address("register_undo_withdraw", register))

    register.refresh_from_db()
    assert (register.state, register.recalled_by) == ("applied", None)
    assert address("register_undo", register) in client.get(address("register", register)).content.decode()


def test_a_register_that_is_given_up_changes_nothing_and_its_file_may_come_again(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    client.post(address("register_cancel", register))
    again = bring(client, supplier)

    register.refresh_from_db()
    assert (register.state, again.status_code) == ("cancelled", 302)


def test_the_same_file_twice_is_refused_with_the_number_of_the_first(client, first, supplier):
    bring(client, supplier)

    again = bring(client, supplier)

    assert again.status_code == 422
    assert "Этот файл уже загружен 22.11.2026: реестр № 1." in text_of(again)


def test_refused_lines_are_taken_away_with_why_and_that_is_kept(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    answer = client.get(address("register_refused", register))

    lines = b"".join(answer.streaming_content).decode("cp1251").splitlines()
    assert lines[0] == "Лицевой счёт;Фамилия;Квартира;Почему не принято"
    assert lines[1].startswith("12;Не тот;9;")
    assert len(lines) == 2
    entry = Entry.objects.get(action="list.exported")
    assert (entry.subject, entry.details["rows"]) == ("list:register.refused", 1)


def test_a_formula_is_a_text_in_the_file_of_what_was_refused(client, first, supplier):
    content = "Лицевой счёт;Фамилия;Квартира\n12;=1+1;-7\n13;@SUM(1);+7 900 123-45-67\n14;-1+cmd;8\n"
    register = bring_and_read(client, supplier, content)

    answer = client.get(address("register_refused", register))

    lines = b"".join(answer.streaming_content).decode("cp1251").splitlines()
    assert [line.rpartition(";")[0] for line in lines[1:]] == [
        "12;'=1+1;-7",
        "13;'@SUM(1);+7 900 123-45-67",
        "14;'-1+cmd;8",
    ]


@pytest.mark.parametrize(
    ("name", "content", "begins", "given"),
    [
        ("лица.xlsx", workbook([["number", "surname"], ["12", "Не тот"]]), b"PK", "лица.xlsx"),
        (
            "лица.dbf",
            table([("number", "C", 9, 0), ("surname", "C", 20, 0)], [(b"12", "Не тот".encode("cp866"))], language=0x65),
            b"\x03",
            "лица.dbf",
        ),
    ],
)
def test_what_was_refused_is_called_what_it_is(client, first, supplier, name, content, begins, given):
    file = SimpleUploadedFile(name, content)
    client.post(reverse("office:register_upload"), {"supplier_id": supplier.id, "kind": "accounts", "file": file})
    register = Register.objects.get()
    container = name.rpartition(".")[2]
    read_register(
        supplier_id=supplier.id,
        register_id=register.id,
        profile=profile_for("accounts", ["number", "surname"], container=container, encoding="", delimiter=""),
        profile_name="Книга",
        actor=first,
        now=NOW,
    )
    run_jobs(only="registers")

    answer = client.get(address("register_refused", register))

    assert b"".join(answer.streaming_content).startswith(begins)
    assert quote(f"Не принято: {given}") in answer.headers["Content-Disposition"]


def test_what_may_stand_in_a_debt_already_is_said_with_the_register_that_named_it(
    client, first, second, supplier, account
):
    said = bring_and_read(
        client,
        supplier,
        "Лицевой счёт;Долг (переплата с минусом);На какой день\n702062012;500,00;21.11.2026\n",
        kind="balances",
        by="kabinet: остатки",
    )
    client.force_login(second)
    approve(client, said)
    run_jobs(only="registers")

    register = bring_and_read(client, supplier, PAYMENTS, kind="payments", by="kabinet: оплаты")
    client.force_login(first)

    page = text_of(client.get(address("register", register)))
    assert f"поставщик уже назвал: реестр № {said.number}. Строк 1, на 150,00 ₽" in page


def test_what_went_out_by_a_statement_is_said_on_the_page(client, first, supplier, account):
    own, other = "40702810000000000001", "40817810000000000002"
    document = {"Номер": "1", "Дата": "20.11.2026", "Сумма": "10.00", "ПлательщикСчет": own, "ПолучательСчет": other}
    content = statement({**document, "НазначениеПлатежа": "Налог"})

    register = bring_and_read(client, supplier, content, kind="payments", by="1С: выписка банка (1CClientBankExchange)")

    assert "Пропущены списания со счёта 1" in text_of(client.get(address("register", register)))


def test_where_nothing_was_refused_there_is_no_file_of_it(client, first, supplier, account):
    register = bring_and_read(client, supplier, "Лицевой счёт;Квартира\n702062012;7\n")

    assert client.get(address("register_refused", register)).status_code == 404


def test_the_file_comes_back_as_it_was_loaded(client, first, supplier):
    bring(client, supplier)

    answer = client.get(address("register_file", Register.objects.get()))

    assert b"".join(answer.streaming_content) == ACCOUNTS.encode("cp1251")


def test_a_file_that_no_format_can_read_is_refused_whole_and_says_why(client, first, supplier):
    bring(client, supplier, "Номер;Имя\n702062012;Пётр\n")
    register = Register.objects.get()
    page = client.get(address("register_format", register))

    assert "Нет колонки «Лицевой счёт»" in text_of(page)
    assert not any(each.fits for each in page.context["tried"])


def test_lines_are_listed_by_what_becomes_of_them_and_taken_away(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    refused = client.get(address("register_lines", register), {"outcome": "refused"})
    file = client.get(address("register_lines", register), {"download": "csv"})

    assert [row.line_no for row in refused.context["list"].rows] == [4]
    written = b"".join(file.streaming_content).decode("utf-8-sig")
    assert "Фамилия: Петров → Сидоров" in written


def test_what_a_line_changes_is_said_in_the_form_of_its_field(client, first, second, supplier, account):
    make_charge(account, "1000.00")
    content = "Лицевой счёт;Долг (переплата с минусом);На какой день\n702062012;1250,5;22.11.2026\n"
    register = bring_and_read(client, supplier, content, kind="balances", by="kabinet: остатки")

    page = text_of(client.get(address("register_lines", register)))

    assert "Долг (переплата с минусом): 1 000,00 ₽ → 1 250,50 ₽" in page.replace("\u202f", " ")


def test_lines_are_sorted_by_each_column_and_found_by_account(client, first, supplier, account):
    make_account(supplier, number="702062013")
    content = (
        "Лицевой счёт;Сумма;Номер операции;Дата оплаты\n702062013;20,00;op-1;20.11.2026\n"
        "702062012;150,00;op-2;20.11.2026\n12;1,00;op-3;20.11.2026\n"
    )
    register = bring_and_read(client, supplier, content, kind="payments", by="kabinet: оплаты")

    def listed(**asked):
        return [row.line_no for row in client.get(address("register_lines", register), asked).context["list"].rows]

    assert listed() == [2, 3, 4]
    assert listed(sort="-line") == [4, 3, 2]
    assert listed(sort="account") == [4, 3, 2]
    assert listed(sort="-amount") == [3, 2, 4]
    assert listed(sort="outcome") == [2, 3, 4]
    assert listed(number="702 062 013") == [2]
    assert listed(number="702062012", outcome="refused") == []


def test_lines_about_no_money_have_no_column_of_sums(client, first, supplier, account):
    register = bring_and_read(client, supplier)

    assert "Сумма" not in text_of(client.get(address("register_lines", register)))


def test_what_a_bank_sends_is_read_by_the_format_of_the_bank(client, first, supplier, account):
    line = "20-11-2026;10-15-00;8634/0112;17;261120000001K;702062012;Петров И.;;1126;150,00;150,00;0,00\n"

    register = bring_and_read(
        client, supplier, f"{line}=1;150,00;150,00;0,00\n", kind="payments", by="Сбербанк: оплаты"
    )

    assert (register.state, register.new_count, register.sums["amount_rub"]) == ("checked", 1, "150.00")


def test_a_file_that_was_not_taken_waits_on_the_first_page_for_whoever_brought_it(client, first, second, supplier):
    def waiting():
        return [matter.title for matter in client.get(reverse("office:home")).context["matters"]]

    bring(client, supplier)
    assert waiting() == ["Реестр № 1 ждёт формата"]
    Register.objects.update(state="refused", problem="Нет колонки «Лицевой счёт».")
    assert waiting() == ["Реестр № 1 не принят"]
    client.force_login(second)
    assert waiting() == []

    client.force_login(first)
    bring_and_read(client, supplier)
    assert waiting() == ["Реестры ждут решения: 1"]


def test_work_that_broke_is_said_above_the_decision(client, first, supplier, account):
    register = bring_and_read(client, supplier)
    Register.objects.update(problem="Работа прервалась из-за ошибки программы.")

    page = text_of(client.get(address("register", register)))

    assert "Провести не получилось, ничего не изменено." in page
    assert "Провести реестр" in page


def test_limits_are_set_for_a_kind(client, first, supplier):
    client.post(
        reverse("office:register_limits", args=[supplier.id, "payments"]),
        {"sum_percent": "15", "sum_rub": "2 000", "count_percent": "5", "lines_count": "3", "line_rub": "50 000"},
    )

    limits = RegisterLimits.objects.get()
    assert (limits.kind, int(limits.sum_percent), int(limits.line_rub)) == ("payments", 15, 50_000)
    assert (int(limits.sum_rub), limits.lines_count) == (2_000, 3)


def test_what_is_charged_here_comes_in_no_file(client):
    supplier = make_supplier(billing="kabinet")
    client.force_login(make_member("accountant", supplier))

    page = client.get(reverse("office:register_upload"))
    forced = bring(client, supplier, kind="charges")

    assert "остаток на первый день" in text_of(page)
    assert "Начисления" not in [name for _code, name in page.context["form"].fields["kind"].choices]
    assert (forced.status_code, Register.objects.count()) == (422, 0)
