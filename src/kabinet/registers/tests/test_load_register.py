"""A supplier's file is loaded from a terminal or by cron."""

import datetime as dt
import io
import os

import pytest
from django.core.management import CommandError, call_command

from kabinet.accounts.tests.factories import make_account
from kabinet.charges.models import Charge
from kabinet.registers.models import Register
from kabinet.registers.tests.incoming import Desk, profile_for
from kabinet.registers.usecases.save_format_profile import save_format_profile

pytestmark = pytest.mark.django_db(transaction=True)

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
CHARGES = "number;period;amount_rub\n702062012;10.2026;100,00\n702062013;10.2026;50,00\n"


@pytest.fixture
def desk():
    made = Desk()
    make_account(made.supplier, number="702062012")
    make_account(made.supplier, number="702062013")
    return made


@pytest.fixture
def known_format(desk):
    save_format_profile(
        supplier_id=desk.supplier.id,
        name="Из 1С",
        profile=profile_for("charges", ["number", "period", "amount_rub"]),
        actor=desk.first,
        now=NOW,
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "charges.csv"
    path.write_text(CHARGES)
    return path


def load(desk, file, *options):
    """Call the command; give what it says."""
    said = io.StringIO()
    given = ["--supplier", desk.supplier.code, "--kind", "charges", "--profile", "Из 1С", *options]
    call_command("load_register", str(file), *given, stdout=said)
    return said.getvalue()


def test_the_command_does_the_same(desk, tmp_path, capsys):
    save_format_profile(
        supplier_id=desk.supplier.id,
        name="Из 1С",
        profile=profile_for("charges", ["number", "period", "amount_rub"], encoding="cp1251"),
        actor=desk.first,
        now=NOW,
    )
    file = tmp_path / "charges.csv"
    file.write_bytes((CHARGES + "702062019;10.2026;7,00\n").encode("cp1251"))
    of_supplier = ["--supplier", desk.supplier.code, "--kind", "charges", "--profile", "Из 1С"]

    with pytest.raises(SystemExit) as ended:
        call_command("load_register", str(file), *of_supplier, "--apply")

    assert ended.value.code == 1
    assert "2 new, 0 changed, 0 unchanged, 1 refused" in capsys.readouterr().out
    refused = (tmp_path / "charges.csv.refused").read_bytes().decode("cp1251").splitlines()
    assert refused == [
        "number;period;amount_rub;Почему не принято",
        "702062019;10.2026;7,00;Лицевой счёт: такого нет",
    ]
    assert Charge.objects.count() == 2
    with pytest.raises(CommandError, match="уже загружен"):
        call_command("load_register", str(file), *of_supplier)


def test_the_command_ends_well_when_nothing_was_refused(desk, tmp_path):
    register = desk.load("charges", CHARGES)
    file = tmp_path / "charges.csv"
    file.write_text(CHARGES.replace("10.2026", "11.2026"))

    call_command(
        "load_register", str(file), "--supplier", desk.supplier.code, "--kind", "charges", stdout=io.StringIO()
    )

    assert Register.objects.exclude(id=register.id).get().state == "checked"


@pytest.mark.usefixtures("known_format")
class TestCalls:
    def test_a_file_that_was_only_checked_is_applied_by_a_second_call(self, desk, file):
        assert "not applied: look at it in the office, or call again with --apply" in load(desk, file)

        assert "applied" in load(desk, file, "--apply").splitlines()

        assert (Register.objects.get().state, Charge.objects.count()) == ("applied", 2)

    def test_what_a_person_has_brought_is_theirs_to_decide(self, desk, file):
        desk.check("charges", CHARGES)

        with pytest.raises(CommandError, match="уже загружен"):
            load(desk, file, "--apply")

        assert Register.objects.get().state == "checked"

    def test_a_file_that_is_not_there_is_said_in_a_sentence(self, desk, tmp_path):
        with pytest.raises(CommandError) as ended:
            load(desk, tmp_path / "charges.csv")

        assert str(ended.value) == f"cannot read {tmp_path / 'charges.csv'}: No such file or directory"

    def test_so_is_a_folder(self, desk, tmp_path):
        with pytest.raises(CommandError, match=f"cannot read {tmp_path}: Is a directory"):
            load(desk, tmp_path)

    @pytest.mark.skipif(os.geteuid() == 0, reason="nothing is kept from root")
    def test_so_is_one_without_rights(self, desk, file):
        file.chmod(0)

        with pytest.raises(CommandError, match="Permission denied"):
            load(desk, file)

    def test_where_refused_lines_cannot_go_nothing_is_applied(self, desk, file, tmp_path):
        file.write_text(CHARGES + "702062019;10.2026;7,00\n")

        with pytest.raises(CommandError, match="name another place by --refused"):
            load(desk, file, "--apply", "--refused", str(tmp_path))

        assert not Charge.objects.exists()

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--supplier", "nobody"], "there is no supplier nobody"),
            (["--profile", "Другой"], "--profile must name one of: «"),
        ],
    )
    def test_a_name_that_is_none_says_what_there_is(self, desk, file, options, said):
        with pytest.raises(CommandError, match=said):
            load(desk, file, *options)

        assert not Register.objects.exists()

    def test_a_file_that_is_no_such_file_says_why(self, desk, file):
        file.write_text("Номер;Сумма\n702062012;100,00\n")

        with pytest.raises(CommandError, match="Нет колонки"):
            load(desk, file, "--apply")

        assert Register.objects.get().state == "refused"
