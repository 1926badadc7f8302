"""What was refused of a register, as a file that its format reads, with the reasons in a last column."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import PurePath

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kabinet.common.cells import defuse
from kabinet.common.tables import new_file
from kabinet.registers.formats.cells import read_cell
from kabinet.registers.formats.containers.dbf import Table
from kabinet.registers.formats.containers.recognising import statement_encoding
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.out.some_of import some_documents, some_records
from kabinet.registers.formats.profile import KOPECKS, Footer, Profile
from kabinet.registers.formats.reading import lines_as_written
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.queries.lines import reasons_of
from kabinet.registers.queries.registers import register_row
from kabinet.registers.rules.kinds import MONEY

_LINES_AT_ONCE = 1_000
_CHUNK = 64 * 1024
#: What begins as a formula does and is none: sums below zero, phones.
_NUMBERS = re.compile(r"[+-][\d\s.,()-]*", re.ASCII)


def refused_file(supplier_id: int, register_id: int) -> Iterator[bytes]:
    """Give the refused lines as the file had them, each with why: what its format reads once they are put right.

    It comes in its own container. What is opened in a spreadsheet has formulas as texts; records of a table and
    documents of a bank's statement are copied as they stand. Raises NotFound.
    """
    register = register_row(supplier_id, register_id)
    profile = Profile.from_json(register.profile or {})
    match profile.container:
        case "xlsx":
            return _workbook(register, profile)
        case "dbf":
            table = Table(register.path)
            return some_records(
                register.path,
                profile,
                profile.encoding or table.encoding.name,
                _numbers(register),
                lambda line_nos: _reasons(register, line_nos),
            )
        case "one_c":
            encoding = profile.encoding or statement_encoding(register.path).name
            return some_documents(
                register.path, encoding, _numbers(register), lambda line_nos: _reasons(register, line_nos)
            )
        case _:
            return _text(register, profile)


def _text(register: Register, profile: Profile) -> Iterator[bytes]:
    encoding, delimiter, quote = _shape(register, profile)
    file = io.StringIO()
    writer = csv.writer(
        file,
        delimiter=delimiter,
        lineterminator="\r\n",
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        quotechar=quote or None,
        escapechar=None if quote else "\\",
    )
    rows = _rows(register, profile)
    while some := list(islice(rows, _LINES_AT_ONCE)):
        writer.writerows(some)
        yield _taken(file, encoding)


def _workbook(register: Register, profile: Profile) -> Iterator[bytes]:
    """Write every cell as a text, so that a spreadsheet takes no zero off an account's number."""
    file = new_file()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(profile.sheet or None)
    for place, row in enumerate(_rows(register, profile)):
        for column, cell in enumerate(row):
            sheet.write_string(place, column, cell)
    book.close()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _rows(register: Register, profile: Profile) -> Iterator[list[str]]:
    """Give the lines of the file: what its format passes over at the top, the headings, lines with why, the totals."""
    about = _("Непринятые строки реестра № %(number)s") % {"number": register.number}
    yield from ([about] for _line in range(profile.skipped_lines))
    written = lines_as_written(register.path, profile, _numbers(register))
    lines_count = 0
    while lines := list(islice(written, _LINES_AT_ONCE)):
        why = _reasons(register, [line_no for line_no, _cells in lines])
        for line_no, cells in lines:
            lines_count += line_no > 0
            lacking = [""] * (profile.widest_position - len(cells))  # a reason is no value of a line that ends early
            reason = "; ".join(why[line_no]) if line_no else _("Почему не принято")
            yield [*map(_harmless, cells), *lacking, reason]
    if profile.footer:
        yield _totals(register, profile, profile.footer, lines_count)


def _totals(register: Register, profile: Profile, footer: Footer, lines_count: int) -> list[str]:
    """Give the line of totals. A sum that cannot be told is left to whoever puts the lines right."""
    totals = [""] * max(footer.count_at or 1, footer.sum_at or 1)
    if footer.count_at:
        totals[footer.count_at - 1] = str(lines_count)
    if footer.sum_at:
        totals[footer.sum_at - 1] = _sum(register, profile, footer.sum_field)
    return [footer.begins + totals[0], *totals[1:]]


def _sum(register: Register, profile: Profile, field_name: str) -> str:
    """Sum a field of the refused lines as the file writes it; «?» where a line cannot be read, or has several rows."""
    kind = profile.kind_of_lines
    place = [field.name for field in kind.fields].index(field_name)
    total = Decimal(0)
    for cells in _refused(register).values_list("cells", flat=True).iterator(chunk_size=_LINES_AT_ONCE):
        value = read_cell(kind.fields[place], cells[place].strip(), profile).value if cells else None
        if profile.parts or not isinstance(value, Decimal):
            return "?"
        total += value
    if kind.fields[place].type == MONEY and profile.money_unit == KOPECKS:
        return f"{total * 100:.0f}"
    return f"{total}".replace(".", profile.number_form.mark)


def refused_name(supplier_id: int, register_id: int) -> str:
    """Give the name of the file of refused lines. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    return _("Не принято: %(file_name)s") % {"file_name": PurePath(register.file_name).name}


def _harmless(cell: str) -> str:
    return cell if _NUMBERS.fullmatch(cell) else defuse(cell)


def _shape(register: Register, profile: Profile) -> tuple[str, str, str]:
    """Give the encoding, the delimiter and the quote to write with."""
    look = look_at(register.path, encoding=profile.encoding, delimiter=profile.delimiter)
    return profile.encoding or look.encoding or "utf-8", profile.delimiter or look.delimiter or ";", profile.quote


def _refused(register: Register) -> QuerySet[RegisterLine]:
    return RegisterLine.objects.filter(
        supplier_id=register.supplier_id, register_id=register.id, outcome=RegisterLine.Outcome.REFUSED
    )


def _numbers(register: Register) -> frozenset[int]:
    return frozenset(_refused(register).values_list("line_no", flat=True).iterator(chunk_size=_LINES_AT_ONCE))


def _reasons(register: Register, line_nos: Sequence[int]) -> dict[int, list[str]]:
    """Give in words why these lines were refused, by their numbers. Of all there may be a million."""
    why: dict[int, list[str]] = defaultdict(list)
    for line in _refused(register).filter(line_no__in=line_nos).order_by("line_no", "id"):
        why[line.line_no] += [
            f"{reason.label}: {reason.words}" if reason.label else reason.words for reason in reasons_of(register, line)
        ]
    return why


def _taken(file: io.StringIO, encoding: str) -> bytes:
    """Give what was written so far, and begin anew."""
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text.encode(encoding, errors="replace")
