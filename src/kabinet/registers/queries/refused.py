"""What was refused of a register, as a file of the same format with the reasons in a last column."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import PurePath

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kabinet.common.cells import defuse
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.profile import TEXT, Profile
from kabinet.registers.formats.reading import lines_as_written
from kabinet.registers.models import Register, RegisterLine
from kabinet.registers.queries.lines import reasons_of
from kabinet.registers.queries.registers import register_row

_LINES_AT_ONCE = 1_000
#: What begins as a formula does and is none: sums below zero, phones.
_NUMBERS = re.compile(r"[+-][\d\s.,()-]*", re.ASCII)


def refused_file(supplier_id: int, register_id: int) -> Iterator[bytes]:
    """Give the refused lines as the file had them, each with why; a file of another container as CSV in UTF-8.

    It can be put right in place and loaded again. It is opened in a spreadsheet: a formula stands there as a text.
    Raises NotFound.
    """
    register = register_row(supplier_id, register_id)
    profile = Profile.from_json(register.profile or {})
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
    wanted = frozenset(_refused(register).values_list("line_no", flat=True).iterator(chunk_size=_LINES_AT_ONCE))
    written = lines_as_written(register.path, profile, wanted)
    while lines := list(islice(written, _LINES_AT_ONCE)):
        why = _reasons(register, [line_no for line_no, _cells in lines])
        for line_no, cells in lines:
            writer.writerow([*map(_harmless, cells), "; ".join(why[line_no]) if line_no else _("Почему не принято")])
        yield _taken(file, encoding)


def refused_name(supplier_id: int, register_id: int) -> str:
    """Give the name of the file of refused lines: what is written as CSV is called so. Raises NotFound."""
    register = register_row(supplier_id, register_id)
    name = PurePath(register.file_name)
    is_text = Profile.from_json(register.profile or {}).container == TEXT
    return _("Не принято: %(file_name)s") % {"file_name": name.name if is_text else f"{name.stem}.csv"}


def _harmless(cell: str) -> str:
    return cell if _NUMBERS.fullmatch(cell) else defuse(cell)


def _shape(register: Register, profile: Profile) -> tuple[str, str, str]:
    """Give the encoding, the delimiter and the quote to write with."""
    if profile.container != TEXT:
        return "utf-8-sig", ";", '"'
    look = look_at(register.path, encoding=profile.encoding, delimiter=profile.delimiter)
    return profile.encoding or look.encoding or "utf-8", profile.delimiter or look.delimiter or ";", profile.quote


def _refused(register: Register) -> QuerySet[RegisterLine]:
    return RegisterLine.objects.filter(
        supplier_id=register.supplier_id, register_id=register.id, outcome=RegisterLine.Outcome.REFUSED
    )


def _reasons(register: Register, line_nos: Collection[int]) -> dict[int, list[str]]:
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
