"""Files that suppliers and banks might send, made byte by byte."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from kabinet.registers.formats.profile import Column, Profile

NUMBERED = ("number", "period", "amount_rub")
_SHEET_NAMES = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def profile(kind: str = "charges", fields: Sequence[str] = NUMBERED, **values: Any) -> Profile:
    """Make a profile whose headings are the names of the fields."""
    columns = tuple(Column(field, (field,)) for field in fields)
    return Profile(**{"name": "Проба", "kind": kind, "columns": columns, **values})


def by_position(kind: str = "charges", fields: Sequence[str] = NUMBERED, **values: Any) -> Profile:
    """Make a profile of a file without headings."""
    columns = tuple(Column(field, (str(place),)) for place, field in enumerate(fields, start=1))
    return Profile(**{"name": "Проба", "kind": kind, "columns": columns, "headings": False, **values})


def write(path: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def workbook(rows: Sequence[Sequence[Any]], *, sheets: Sequence[str] = ("Лист1",)) -> bytes:
    """Make a workbook as a program for offices does: a number is a number; text that begins with «=» a formula."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"})
    for place, name in enumerate(sheets):
        sheet = book.add_worksheet(name)
        for row_no, row in enumerate(rows if place == 0 else ()):
            sheet.write_row(row_no, 0, row)
    book.close()
    return file.getvalue()


def workbook_of(
    rows: str, *, texts: str = "", styles: str = "", sheets: str = "", entries: Mapping[str, bytes] | None = None
) -> bytes:
    """Make a workbook out of XML: rows are what stands in <sheetData>."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            sheets
            or f'<workbook xmlns="{_SHEET_NAMES}" xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_SHEET_NAMES}">{texts}</sst>')
        archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{_SHEET_NAMES}">{styles}</styleSheet>')
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{_SHEET_NAMES}"><sheetData>{rows}</sheetData></worksheet>',
        )
        for name, content in (entries or {}).items():
            archive.writestr(name, content)
    return file.getvalue()


def text_row(*cells: str, number: int = 0) -> str:
    """Write a row of texts that stand in their cells."""
    place = f' r="{number}"' if number else ""
    return f"<row{place}>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"


def table(
    fields: Sequence[tuple[str, str, int, int]],
    records: Sequence[Sequence[bytes]],
    *,
    language: int = 0,
    count: int | None = None,
    version: int = 3,
    deleted: Sequence[int] = (),
) -> bytes:
    """Make a table of dBASE. fields: name, type, length, decimals; records: the bytes of each field, unpadded."""
    header_size = 32 + 32 * len(fields) + 1
    record_size = 1 + sum(length for _name, _type, length, _decimals in fields)
    out = bytearray(
        struct.pack("<4BIHH", version, 126, 10, 31, len(records) if count is None else count, header_size, record_size)
    )
    out += bytes(17) + bytes([language]) + bytes(2)
    for name, kind, length, decimals in fields:
        out += struct.pack("<11sc4xBB14x", name.encode("cp866"), kind.encode(), length, decimals)
    out += b"\r"
    for number, record in enumerate(records):
        out += b"*" if number in deleted else b" "
        for value, (_name, kind, length, _decimals) in zip(record, fields, strict=True):
            out += value.rjust(length) if kind in "NF" else value.ljust(length, b"\0" if kind in "IBYT" else b" ")
    return bytes(out + b"\x1a")


def statement(*documents: Mapping[str, str], account: str = "40702810000000000001", last: str = "КонецФайла") -> str:
    """Make a bank's statement as 1C takes it."""
    lines = ["1CClientBankExchange", "ВерсияФормата=1.02", "Кодировка=Windows", f"РасчСчет={account}"]
    lines += ["СекцияРасчСчет", f"РасчСчет={account}", "НачальныйОстаток=0.00", "КонецРасчСчет"]
    for document in documents:
        lines.append("СекцияДокумент=Платёжное поручение")
        lines += [f"{name}={value}" for name, value in document.items()]
        lines.append("КонецДокумента")
    return "\r\n".join([*lines, last, ""]) if last else "\r\n".join([*lines, ""])
