"""Whatever the file is, reading it takes little memory: measured in a process of its own, under a limit."""

import json
import subprocess
import sys

import pytest

from kabinet.registers.tests.files import workbook_of, write

MIB = 1024 * 1024
HEAD = "number;period;amount_rub\n"
#: What the program itself takes, with all that it imports, is a third of it.
MOST_MIB = 256

BY_POSITION = [
    {"field": field, "sources": [str(place)]} for place, field in enumerate(("number", "period", "amount_rub"), start=1)
]
READ = """
import json, resource, sys
from pathlib import Path

import django
django.setup()
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.reading import FileRefused, Reading

limit = 1024 * 1024 * 1024  # of addresses: threads and maps of libraries count, though nothing lies there
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
reading = Reading(Path(sys.argv[1]), Profile.from_json(json.loads(sys.argv[2])))
rows = 0
try:
    for block in reading.blocks():
        rows += block.rows_count
        block.copy_text
    words = ""
except FileRefused as refused:
    words = str(refused)
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024
print(json.dumps([rows, words, peak]))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register"


def read_in_a_process(path, container="text", **profile):
    spec = {
        "name": "Проба",
        "kind": "charges",
        "container": container,
        "columns": [{"field": field, "sources": [field]} for field in ("number", "period", "amount_rub")],
        **profile,
    }
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), json.dumps(spec)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    rows, words, peak_mib = json.loads(done.stdout.splitlines()[-1])
    assert peak_mib < MOST_MIB, f"{peak_mib} MiB"
    return rows, words


def test_the_largest_text_there_may_be(path):
    line = "702062012;10.2026;122,50;" + "Щукин Фёдор Юрьевич;" * 3 + "\r\n"
    count = (255 * MIB) // len(line)
    write(path, "number;period;amount_rub;a;b;c;\r\n" + line * count, "cp1251")

    assert read_in_a_process(path) == (count, "")


def test_the_largest_text_with_quotes(path):
    line = '"702062012";"10.2026";"122,50";"ООО ""Ромашка"""\n'
    count = (8 * MIB) // len(line)
    write(path, "number;period;amount_rub;a\n" + line * count, "cp1251")

    assert read_in_a_process(path) == (count, "")


def test_a_line_of_sixty_megabytes(path):
    write(path, HEAD.encode() + b"7" * (60 * MIB))

    assert "строка длиннее" in read_in_a_process(path)[1]


def test_a_quote_over_sixty_megabytes(path):
    write(path, HEAD + '"' + "702062012;10.2026;122,50\n" * (60 * MIB // 25))

    assert "кавычка открыта и не закрыта" in read_in_a_process(path)[1]


def test_a_sheet_with_a_cell_in_the_last_corner(path):
    write(
        path,
        workbook_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    )

    assert "500 колонок" in read_in_a_process(path, "xlsx", headings=False, columns=BY_POSITION, ragged=True)[1]


def test_shared_texts_that_would_not_fit(path):
    texts = "".join(f"<si><t>{number:06}{'абвгд' * 1500}</t></si>" for number in range(12_000))
    write(path, workbook_of("", texts=texts))

    assert "слишком" in read_in_a_process(path, "xlsx")[1]


def test_a_sheet_of_fifty_thousand_lines(path):
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("number", "period", "amount_rub"))
    rows = "".join(
        f'<row><c><v>{702000000 + n}</v></c><c t="inlineStr"><is><t>10.2026</t></is></c><c><v>{n}.5</v></c></row>'
        for n in range(50_000)
    )
    write(path, workbook_of(f"<row>{head}</row>{rows}"))

    assert read_in_a_process(path, "xlsx") == (50_000, "")
