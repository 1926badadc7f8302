"""What a program that calls `load_register` learns from its exit code, and what it reads."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.registers.models import Register
from kabinet.registers.tests.incoming import Desk

pytestmark = pytest.mark.django_db(transaction=True)

CHARGES = "Лицевой счёт;Месяц;Сумма\r\n702062012;10.2026;100,00\r\n702062013;10.2026;50,00\r\n"
PROFILE = "kabinet: начисления"


@pytest.fixture
def desk():
    made = Desk()
    make_account(made.supplier, number="702062012")
    make_account(made.supplier, number="702062013")
    return made


@pytest.fixture
def call(desk, tmp_path):
    """Run the command as cron does, as a process of its own; give what has become of it."""
    at = connection.settings_dict
    address = f"postgresql://{at['USER']}@/{at['NAME']}?host={at['HOST']}&port={at['PORT']}"

    def run(content, *options, supplier=desk.supplier.code, profile=PROFILE):
        file = tmp_path / "charges.csv"
        if content is not None:
            file.write_text(content, encoding="cp1251", newline="")
        command = [sys.executable, "-m", "django", "load_register", str(file), "--supplier", supplier]
        given = ["--kind", "charges", "--profile", profile, *options]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": address}
        return subprocess.run(
            [*command, *given], check=False, capture_output=True, text=True, timeout=120, env=environment
        )

    return run


def test_nought_when_every_line_was_taken(call):
    checked = call(CHARGES)
    assert (checked.returncode, "2 new, 0 changed, 0 unchanged, 0 refused" in checked.stdout) == (0, True)

    applied = call(CHARGES, "--apply")

    assert (applied.returncode, applied.stdout.splitlines()[-1]) == (0, "applied")
    assert Register.objects.get().state == "applied"


def test_one_when_a_line_was_refused_and_the_others_stand(call, tmp_path):
    ended = call(CHARGES.replace("702062013", "702062099"), "--apply")

    assert ended.returncode == 1
    assert "1 new, 0 changed, 0 unchanged, 1 refused" in ended.stdout
    assert "702062099" in (tmp_path / "charges.csv.refused").read_text(encoding="cp1251")
    assert Register.objects.get().state == "applied"


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        ("Лицевой счёт;Месяц\r\n702062012;10.2026\r\n", [], "Сумма"),
        ("", [], "Файл пустой"),
        (None, [], "cannot read"),
        (CHARGES.replace("100,00", "900000,00"), ["--apply"], "за пределы обычного"),
    ],
)
def test_one_when_the_file_was_refused_or_not_applied(call, content, options, words):
    ended = call(content, *options)

    assert (ended.returncode, words in ended.stderr) == (1, True), ended.stderr
    assert not Register.objects.filter(state="applied").exists()


def test_one_when_it_comes_again_after_it_was_applied(call):
    call(CHARGES, "--apply")

    again = call(CHARGES, "--apply")

    assert (again.returncode, "уже загружен" in again.stderr) == (1, True)
    assert Register.objects.count() == 1


@pytest.mark.parametrize(
    "given", [{"supplier": "nobody"}, {"profile": "нет такого"}], ids=["no such supplier", "no such format"]
)
def test_one_when_what_it_names_is_not_there(call, given):
    assert call(CHARGES, **given).returncode == 1


def test_two_for_a_wrong_call(call):
    ended = call(CHARGES, "--kind", "bills")

    assert (ended.returncode, "invalid choice" in ended.stderr) == (2, True)
    assert not Register.objects.exists()
