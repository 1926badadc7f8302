"""The bills of a month are printed for all accounts of a supplier."""

import errno
import json
from io import StringIO
from pathlib import Path

import pypdf
import pytest
from django.core.management import CommandError, call_command

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.bills.tests.papers import symbols_in, unprintable, words_of
from kabinet.bills.usecases import print_bills as module
from kabinet.bills.usecases.print_bills import FolderInUse, FolderOfAnother, MonthNotCharged, Printed, print_bills
from kabinet.charges.models import AccrualRun, Charge
from kabinet.charges.tests.factories import make_charge, make_payment
from kabinet.common.month import Month
from kabinet.common.testing import NOW, at
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_bank_details, make_supplier

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)


def released_supplier(**values) -> Supplier:
    supplier = make_supplier(code="gaz", **values)
    make_bank_details(supplier)
    AccrualRun.objects.create(supplier=supplier, period=OCTOBER, state="released", asked_at=NOW)
    return supplier


def charged(supplier: Supplier, number: str, amount: str = "122.50", **values) -> Account:
    account = make_account(supplier, number=number, **values)
    make_charge(account, amount)
    return account


def print_month(supplier: Supplier, folder: Path, **choices) -> Printed:
    return print_bills(
        **{
            "supplier_id": supplier.id,
            "period": OCTOBER,
            "folder": folder,
            "is_one_file": True,
            "processes": 1,
            "progress": lambda printed: None,
            "now": NOW,
            **choices,
        }
    )


def numbers_by_page(path: Path) -> list[str]:
    pages = pypdf.PdfReader(path).pages
    return [next(word for word in page.extract_text().split() if word.isdigit() and len(word) == 9) for page in pages]


def test_one_file_goes_by_index_street_house_and_flat_as_people_count(tmp_path):
    supplier = released_supplier()
    for number, postcode, street, flat in [
        ("100000001", "190002", "ул. Лесная, д. 2", "1"),
        ("100000002", "190001", "ул. Лесная, д. 10", "1"),
        ("100000003", "190001", "ул. Лесная, д. 2", "10"),
        ("100000004", "190001", "ул. Лесная, д. 2", "9"),
        ("100000005", "", "ул. Лесная, д. 1", "1"),
    ]:
        charged(supplier, number, postcode=postcode, street_address=street, flat=flat)

    printed = print_month(supplier, tmp_path)

    assert printed.file is not None
    assert [number[-1] for number in numbers_by_page(printed.file)] == ["4", "3", "2", "1", "5"]
    assert (printed.made, printed.kept, printed.refused, printed.pages) == (5, 0, [], 5)


@pytest.mark.parametrize("is_one_file", [True, False])
def test_a_bill_that_cannot_be_made_holds_no_other_and_is_named(tmp_path, is_one_file):
    supplier = released_supplier()
    for number in ("100000001", "100000002", "100000003"):
        charged(supplier, number)

    with unprintable("100000002", tmp_path):
        printed = print_month(supplier, tmp_path / "out", is_one_file=is_one_file)

    assert printed.made == 2
    [(number, reason)] = printed.refused
    assert number == "100000002"
    assert "cannot be set" in reason


def test_the_joined_file_keeps_words_symbols_and_what_makes_it_an_archive_one(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BILLS_OF_A_PART", 2)
    supplier = released_supplier()
    for number in range(5):
        charged(supplier, f"10000000{number}", f"{100 + number}.00")

    printed = print_month(supplier, tmp_path)

    assert printed.file is not None
    pdf = printed.file.read_bytes()
    reader = pypdf.PdfReader(printed.file)
    assert [f"10{number},00 ₽" in page.extract_text() for number, page in enumerate(reader.pages)] == [True] * 5
    assert len(symbols_in(pdf)) == 2
    assert b"Sum=10000" in symbols_in(pdf)[0]
    assert "/OutputIntents" in reader.root_object
    assert b"pdfaid:part" in reader.root_object["/Metadata"].get_data()


def test_files_stand_in_folders_of_their_index(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012", postcode="190000")
    charged(supplier, "12/7", postcode="")

    print_month(supplier, tmp_path, is_one_file=False)

    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.pdf"))
    assert files == ["190000/702062012.pdf", "без индекса/12%2F7.pdf"]
    assert "702062012" in words_of((tmp_path / files[0]).read_bytes())


def test_numbers_that_look_alike_have_files_of_their_own_inside_the_folder(tmp_path):
    supplier = released_supplier()
    for number in ("12/7", "12_7", "12.7"):
        charged(supplier, number, postcode="../..")
    folder = tmp_path / "a" / "b"

    print_month(supplier, folder, is_one_file=False)

    assert len(list(folder.rglob("*.pdf"))) == 3
    assert not list(tmp_path.glob("*.pdf"))


def test_the_file_of_an_account_that_has_moved_does_not_stay_in_the_old_index(tmp_path):
    supplier = released_supplier()
    account = charged(supplier, "702062012", postcode="190000")
    print_month(supplier, tmp_path, is_one_file=False)
    Account.objects.filter(id=account.id).update(postcode="190001")

    print_month(supplier, tmp_path, is_one_file=False)

    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.pdf")] == ["190001/702062012.pdf"]


def test_a_folder_is_for_one_month_of_one_supplier(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012")
    AccrualRun.objects.create(supplier=supplier, period=OCTOBER.previous(), state="released", asked_at=NOW)
    print_month(supplier, tmp_path)

    with pytest.raises(FolderOfAnother, match="gaz 2026-10"):
        print_month(supplier, tmp_path, period=OCTOBER.previous())


def test_two_do_not_print_into_one_folder_at_once(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012")
    refused = []

    def print_too(printed: Printed) -> None:
        with pytest.raises(FolderInUse) as caught:
            print_month(supplier, tmp_path)
        refused.append(caught.value)

    print_month(supplier, tmp_path, progress=print_too)

    assert len(refused) == 1
    assert print_month(supplier, tmp_path).kept == 1


def test_a_full_disk_ends_with_2_and_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    supplier = released_supplier()
    charged(supplier, "702062012")
    asked = ["--supplier", "gaz", "--period", "2026-10", "--into", str(tmp_path), "--processes", "1"]
    written = Path.write_bytes

    def fail_half_way(path: Path, content: bytes) -> int:
        written(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fail_half_way)
        with pytest.raises(CommandError, match="No space left") as caught:
            command(*asked)

    assert caught.value.returncode == 2
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["run.txt"]
    assert "1 bills made" in command(*asked)


@pytest.mark.parametrize("is_one_file", [True, False])
def test_what_is_there_and_still_true_is_not_made_again(tmp_path, is_one_file):
    supplier = released_supplier()
    charged(supplier, "702062012")

    print_month(supplier, tmp_path, is_one_file=is_one_file)
    again = print_month(supplier, tmp_path, is_one_file=is_one_file, now=at("2026-11-23 12:00"))

    assert (again.made, again.kept) == (0, 1)


@pytest.mark.parametrize("is_one_file", [True, False])
def test_a_bill_that_has_changed_is_made_again(tmp_path, is_one_file):
    supplier = released_supplier()
    account = charged(supplier, "702062012")
    print_month(supplier, tmp_path, is_one_file=is_one_file)

    Account.objects.filter(id=account.id).update(surname="Сидоров")
    again = print_month(supplier, tmp_path, is_one_file=is_one_file)

    [path] = [path for path in tmp_path.rglob("*.pdf") if path.parent.name != "parts"]
    assert (again.made, again.kept) == (1, 0)
    assert "Сидоров" in words_of(path.read_bytes())


def test_only_the_changed_bill_of_many_files_is_made_again(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012")
    other = charged(supplier, "702062013")
    print_month(supplier, tmp_path, is_one_file=False)

    make_charge(other, "10.00")
    again = print_month(supplier, tmp_path, is_one_file=False)

    assert (again.made, again.kept) == (1, 1)


def test_a_part_whose_list_was_not_written_is_begun_anew(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012")
    print_month(supplier, tmp_path)
    [part_list] = (tmp_path / "parts").glob("*.json")
    part_list.unlink()

    assert print_month(supplier, tmp_path).made == 1


def test_parts_of_an_earlier_longer_printing_go(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BILLS_OF_A_PART", 1)
    supplier = released_supplier()
    charged(supplier, "702062012")
    gone = charged(supplier, "702062013")
    print_month(supplier, tmp_path)

    Account.objects.filter(id=gone.id).update(opened_on="2026-11-01")
    printed = print_month(supplier, tmp_path)

    assert printed.pages == 1
    assert len(list((tmp_path / "parts").glob("*.pdf"))) == 1


def test_an_account_closed_before_the_month_has_a_bill_when_the_month_charged_it(tmp_path):
    supplier = released_supplier()
    account = make_account(supplier, number="702062012", closed_on="2026-08-31")
    make_charge(account, "12.30", kind=Charge.Kind.PENALTY)
    make_payment(account, "12.30")

    assert print_month(supplier, tmp_path).made == 1


def test_an_account_closed_before_the_month_has_a_bill_while_it_owes(tmp_path):
    supplier = released_supplier()
    debtor = make_account(supplier, number="702062012", closed_on="2026-08-31")
    make_charge(debtor, "100.00", period="2026-08")

    assert print_month(supplier, tmp_path).made == 1
    make_payment(debtor, "100.00")
    assert print_month(supplier, tmp_path).pages == 0


def test_an_account_closed_before_the_month_with_an_advance_alone_has_none(tmp_path):
    supplier = released_supplier()
    account = make_account(supplier, number="702062012", closed_on="2026-08-31")
    make_charge(account, "100.00", period="2026-08")
    make_payment(account, "150.00")

    assert print_month(supplier, tmp_path).total == 0


def test_an_account_with_nothing_on_it_has_no_bill(tmp_path):
    supplier = released_supplier()
    make_account(supplier, number="702062012")

    printed = print_month(supplier, tmp_path)

    assert (printed.total, printed.accounts, printed.made, printed.file) == (1, 1, 0, None)


def test_a_debtor_without_charges_has_one(tmp_path):
    supplier = released_supplier()
    account = make_account(supplier, number="702062012")
    make_charge(account, "100.00", period="2026-09")

    assert print_month(supplier, tmp_path).made == 1


def test_what_cannot_be_sent_is_named(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012")
    charged(supplier, "702062013", locality="", street_address="", flat="")

    printed = print_month(supplier, tmp_path)

    assert (printed.made, printed.refused) == (1, [("702062013", "нет адреса")])
    assert (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines() == [
        "Лицевой счёт;Причина",
        "702062013;нет адреса",
    ]
    assert print_month(supplier, tmp_path).refused == printed.refused


@pytest.mark.parametrize("state", ["computing", "ready", "posting", "cancelled"])
def test_a_month_that_is_not_released_is_not_printed(tmp_path, state):
    supplier = released_supplier()
    charged(supplier, "702062012")
    AccrualRun.objects.update(state=state)

    with pytest.raises(MonthNotCharged, match="За октябрь\u00a02026 ещё не начислено"):
        print_month(supplier, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_month_that_the_supplier_charged_itself_is_printed(tmp_path):
    supplier = make_supplier(code="gaz", billing=Supplier.Billing.EXTERNAL)
    charged(supplier, "702062012")

    assert print_month(supplier, tmp_path).made == 1


def test_another_suppliers_accounts_stay_out(tmp_path):
    supplier = released_supplier()
    charged(make_supplier(code="other"), "702062012")

    assert print_month(supplier, tmp_path).total == 0


@pytest.mark.parametrize("accounts", [1, 4])
def test_many_bills_take_as_many_queries_as_few(tmp_path, django_assert_num_queries, accounts):
    supplier = released_supplier()
    for number in range(accounts):
        charged(supplier, f"10000000{number}")

    with django_assert_num_queries(12):
        print_month(supplier, tmp_path)


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("print_bills", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_made(tmp_path):
    charged(released_supplier(), "702062012")

    said = command("--supplier", "gaz", "--period", "2026-10", "--into", str(tmp_path), "--processes", "1")

    assert said == f"1 bills made, 0 kept, 0 refused: {tmp_path / 'gaz-2026-10.pdf'}, 1 pages\n"


def test_the_command_ends_with_1_when_some_were_refused_and_with_2_when_nothing_can_be_printed(tmp_path):
    supplier = released_supplier()
    charged(supplier, "702062012", locality="", street_address="", flat="")
    given = ["--period", "2026-10", "--into", str(tmp_path), "--processes", "1"]

    with pytest.raises(SystemExit) as refused:
        command("--supplier", "gaz", *given)
    with pytest.raises(CommandError) as unknown:
        command("--supplier", "nobody", *given)

    assert (refused.value.code, unknown.value.returncode) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_processes_make_the_same_file_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BILLS_OF_A_PART", 1)
    supplier = released_supplier()
    for number in range(3):
        charged(supplier, f"10000000{number}")

    one = print_month(supplier, tmp_path / "one")
    two = print_month(supplier, tmp_path / "two", processes=2)

    assert one.file is not None
    assert two.file is not None
    assert two.made == 3
    assert one.file.read_bytes() == two.file.read_bytes()
    assert json.loads((tmp_path / "two/parts/00002.json").read_text())["printed"] == 1
