"""Open a file as its profile says."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.registers.formats.containers.dbf import Table
from kabinet.registers.formats.containers.lines import Container, FileRefused, check_size
from kabinet.registers.formats.containers.one_c import Statement
from kabinet.registers.formats.containers.recognising import (
    beginning,
    container_of,
    delimiter_of,
    encoding_of,
    statement_encoding,
)
from kabinet.registers.formats.containers.text import TextFile
from kabinet.registers.formats.containers.xlsx import Workbook
from kabinet.registers.formats.encodings import Encoding, encoding_by_mark
from kabinet.registers.formats.profile import DBF, ONE_C, TEXT, XLSX, Profile

CONTAINER_LABELS = {
    TEXT: gettext_lazy("текст с разделителями"),
    XLSX: gettext_lazy("книга Excel"),
    DBF: gettext_lazy("таблица DBF"),
    ONE_C: gettext_lazy("файл обмена 1С с банком"),
}


def open_container(path: Path, profile: Profile) -> Container:
    """Open a file. Raises FileRefused for one that is not what the profile tells of."""
    check_size(path)
    container = container_of(path)
    if container != profile.container:
        raise FileRefused(
            _("Это %(found)s, а формат «%(name)s» — %(wanted)s.")
            % {
                "found": CONTAINER_LABELS[container],
                "name": profile.name,
                "wanted": CONTAINER_LABELS[profile.container],
            }
        )
    match container:
        case "xlsx":
            workbook = Workbook(path)
            workbook.choose(profile.sheet, decimal_mark=profile.number_form.mark, skipped_lines=profile.skipped_lines)
            return workbook
        case "dbf":
            table = Table(path)
            table.choose(profile.encoding, decimal_mark=profile.number_form.mark, skipped_lines=profile.skipped_lines)
            return table
        case "one_c":
            return Statement(path, encoding=profile.encoding or sure(statement_encoding(path)))
        case _:
            return open_text(path, profile)


def open_text(path: Path, profile: Profile) -> TextFile:
    """Open a text. Raises FileRefused when its encoding or delimiter is to be found and cannot be."""
    encoding = _text_encoding(path, profile)
    lines = beginning(path, encoding)[profile.skipped_lines :]
    delimiter = profile.delimiter or delimiter_of(lines, quote=profile.quote)
    if not delimiter:
        raise FileRefused(_("Не понять, чем в файле разделены колонки: укажите разделитель в формате."))
    return TextFile(
        path, encoding=encoding, delimiter=delimiter, quote=profile.quote, skipped_lines=profile.skipped_lines
    )


def sure(encoding: Encoding) -> str:
    """Raises FileRefused for an encoding that cannot be told."""
    if not encoding.name:
        raise FileRefused(_("Кодировку файла не определить наверняка: укажите её в формате."))
    return encoding.name


def _text_encoding(path: Path, profile: Profile) -> str:
    with path.open("rb") as file:
        marked = encoding_by_mark(file.read(4))
    if marked and profile.encoding not in ("", marked):
        raise FileRefused(
            _("Файл в кодировке %(found)s, а формат «%(name)s» — в %(wanted)s.")
            % {"found": marked, "name": profile.name, "wanted": profile.encoding}
        )
    return profile.encoding or sure(encoding_of(path))
