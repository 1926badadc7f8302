"""A hundred files that nobody should send, each with what has to be said about it."""

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from kabinet.registers.formats.containers.lines import LARGEST_FILE
from kabinet.registers.formats.profile import Footer, Profile
from kabinet.registers.formats.ready import READY
from kabinet.registers.tests.files import by_position, profile, statement, table, text_row, workbook, workbook_of

HEAD = "number;period;amount_rub\n"
GOOD = "702062012;10.2026;122,50\n"
MIB = 1024 * 1024
PLAIN = profile(encoding="utf-8", delimiter=";")
NAMES = profile("accounts", ("number", "surname"), encoding="utf-8", delimiter=";")
TOTALS = by_position(encoding="utf-8", delimiter=";", footer=Footer("=", 1, 2, "amount_rub"))
WORKBOOK = profile(container="xlsx")
[STATEMENT] = [ready for ready in READY if ready.container == "one_c"]


@dataclass(frozen=True)
class Hostile:
    """A file and what is to be said about it.

    words    of the refusal of the whole file, or of each broken line
    line_no  of the refusal, None for none
    broken   lines that are refused while the others stand; then the file is not refused as a whole
    """

    name: str
    content: bytes | Callable[[], bytes] = field(repr=False)
    profile: Profile = field(repr=False)
    words: str
    line_no: int | None = None
    broken: tuple[int, ...] = ()

    def bytes(self) -> bytes:
        return self.content() if callable(self.content) else self.content


def text(name: str, content: str, words: str, line_no: int | None = None, *, its: Profile = PLAIN) -> Hostile:
    return Hostile(name, content.encode(), its, words, line_no)


def lines(name: str, content: str, words: str, *broken: int, its: Profile = PLAIN) -> Hostile:
    return Hostile(name, content.encode(), its, words, broken=broken)


def named(line: str, encoding: str, other: str) -> bytes:
    return b"number;surname\n" + f"702062012;{line}\n".encode(encoding) + f"702062013;{line}\n".encode(other)


def names_in(encoding: str) -> Profile:
    return profile("accounts", ("number", "surname"), encoding=encoding, delimiter=";")


TEXTS = [
    text("nothing", "", "Файл пуст"),
    text("a mark of the encoding alone", "\ufeff", "нет ни одной строки"),
    text("ends of lines alone", "\n\r\n\r\n\n", "нет ни одной строки"),
    text("spaces alone", "   \n  \n", "нет ни одной строки"),
    text("headings alone", HEAD, "нет ни одной строки"),
    text("delimiters alone", ";;;\n;;;\n", "нет ни одной строки"),
    text("comments alone", "# а\n# б\n", "нет ни одной строки", its=profile(comment="#", delimiter=";")),
    text("a null", HEAD + GOOD + "702\x00062013;10.2026;1\n", "нулевой байт", 3),
    text("nulls alone", "\0" * 65536, "нулевой байт", 1),
    text("a null in the headings", "num\0ber;period;amount_rub\n" + GOOD, "нулевой байт", 1),
    Hostile("a line of 20 MB", lambda: b"7" * (20 * MIB), PLAIN, "строка длиннее 64 КиБ", 1),
    Hostile(
        "a line of 20 MB in the middle",
        lambda: (HEAD + GOOD).encode() + b"7" * (20 * MIB) + GOOD.encode(),
        PLAIN,
        "строка длиннее 64 КиБ",
        3,
    ),
    Hostile("20 MB of delimiters", lambda: b";" * (20 * MIB), PLAIN, "строка длиннее 64 КиБ", 1),
    Hostile("20 MB of quotes", lambda: b'"' * (20 * MIB), PLAIN, "строка длиннее 64 КиБ", 1),
    text("a line longer than lines are", HEAD + "7" * 65_537 + ";10.2026;1\n", "строка длиннее 64 КиБ", 2),
    Hostile("more than a register is", partial(bytes, LARGEST_FILE + 1), PLAIN, "Файл больше 256 МиБ"),
    text(
        "a quote that is never closed",
        HEAD + GOOD + '702062013;10.2026;"1\n' + GOOD * 3,
        "кавычка открыта и не закрыта",
        3,
    ),
    Hostile(
        "a quote that swallows megabytes",
        (HEAD + '"702062012;10.2026;1\n' + GOOD * 200_000).encode(),
        PLAIN,
        "кавычка открыта и не закрыта",
        2,
    ),
    text("text after a quote", HEAD + '702062012;"10."2026;1\n', "после закрывающей кавычки", 2),
    text("a quote for a cell", HEAD + '702062012;";1\n', "кавычка открыта и не закрыта", 2),
    lines("a quote over lines", HEAD + '702062012;10.2026;"1\n702062013;10.2026;1"\n' + GOOD, "закрыта в строке 3", 2),
    lines(
        "a line's end in a cell", 'number;surname\n702062012;"Иванов\nПётр"\n702062013;Ё\n', "в строке 3", 2, its=NAMES
    ),
    text("headings with a quote over lines", '"number\nperiod";amount_rub;x\n' + GOOD, "закрыта в строке 2", 1),
    lines("too few cells", HEAD + GOOD + "702062013;10.2026\n", "колонок 2, а должно быть 3", 3),
    lines("too many cells", HEAD + "702062013;10.2026;1;00\n" + GOOD, "колонок 4, а должно быть 3", 2),
    lines("a delimiter in a name", "number;surname\n702062012;Иванов;Пётр\n702062013;Ё\n", "колонок 3", 2, its=NAMES),
    lines("a cut last line", HEAD + GOOD + "7020620", "колонок 1, а должно быть 3", 3),
    lines("thousands of cells", HEAD + GOOD + "1;" * 30_000 + "\n", "колонок 30001", 3),
    text("a column that is not there", "number;period;sum\n" + GOOD, "Нет колонки «amount_rub»", 1),
    text("a column that is there twice", "number;number;period;amount_rub\n", "«number» несколько", 1),
    text("no delimiter", "702062012\n702062013\n", "чем в файле разделены", its=profile()),
    text(
        "a title above the headings",
        "Начисления;;\n;;\n" + HEAD + GOOD,
        "названия колонок стоят ниже, .* пропустить",
        1,
    ),
    text("another delimiter", (HEAD + GOOD).replace(";", "|"), "Нет колонки", 1),
    text("no such position", "702062012;10.2026\n", "Нужна колонка 3", 1, its=by_position(delimiter=";")),
    lines("a formula", HEAD + "702062012;10.2026;=1+1\n" + GOOD, "формула", 2),
    lines("a formula in quotes", HEAD + '702062012;10.2026;"=HYPERLINK(""http://example.ru"")"\n' + GOOD, "формула", 2),
    lines("a formula for a number", HEAD + "=702062012;10.2026;1\n" + GOOD, "формула", 2),
    lines("a formula that keeps zeros", HEAD + '="0702062012";10.2026;1\n' + GOOD, "формула", 2),
    lines("a command", HEAD + "=cmd|' /C calc'!A0;10.2026;1\n" + GOOD, "формула", 2),
    *(
        lines(f"an unseen sign {ord(sign):04x}", HEAD + f"702062{sign}012;10.2026;1\n" + GOOD, "невидимый знак", 2)
        for sign in "\x01\x07\x08\x0b\x0c\x1a\x1b\x1f\x7f\u200b\u200e\u202e\u2028\u2066\ufeff"
    ),
    lines("a tab in a cell", HEAD + '"702\t062012";10.2026;1\n' + GOOD, "невидимый знак", 2),
    text("no line of totals", GOOD, "нет строки итогов", its=TOTALS),
    text("totals of more lines", GOOD + "=2;122,50\n", "строк 2, а в файле их 1", 2, its=TOTALS),
    text("totals of fewer lines", GOOD * 3 + "=2;122,50\n", "строк 2, а в файле их 3", 4, its=TOTALS),
    text("totals twice", GOOD + "=1;122,50\n=1;122,50\n", "две строки итогов", 3, its=TOTALS),
    text("totals in words", GOOD + "=один;122,50\n", "не число: «один»", 2, its=TOTALS),
    text("totals of a fraction", GOOD + "=1,5;122,50\n", "не целое", 2, its=TOTALS),
    text("totals without a sum", GOOD + "=1\n", "не число: «»", 2, its=TOTALS),
    lines("a line after the totals", GOOD + "=2;122,50\n" + GOOD, "после строки итогов", 3, its=TOTALS),
    Hostile("utf-8, then cp1251", named("Щукин", "utf-8", "cp1251"), names_in("utf-8"), "не в кодировке utf-8", 3),
    Hostile("utf-8, then cp866", named("Щукин", "utf-8", "cp866"), names_in("utf-8"), "не в кодировке utf-8", 3),
    Hostile("cp1251, then utf-8", named("Щукин", "cp1251", "utf-8"), names_in("cp1251"), "не в кодировке cp1251", 3),
    Hostile("cp1251, then cp866", named("Щукин", "cp1251", "cp866"), names_in("cp1251"), "не в кодировке cp1251", 3),
    Hostile("cp866, then cp1251", named("Щукин", "cp866", "cp1251"), names_in("cp866"), "не в кодировке cp866", 3),
    Hostile("koi8-r, then utf-8", named("Щукин", "koi8-r", "utf-8"), names_in("koi8-r"), "не в кодировке koi8-r", 3),
    Hostile("utf-8 found, then cp1251", named("Щукин", "utf-8", "cp1251"), names_in(""), "не в кодировке cp1251", 2),
    Hostile(
        "a mark of utf-8 for cp1251", b"\xef\xbb\xbf" + HEAD.encode(), names_in("cp1251"), "Файл в кодировке utf-8, а"
    ),
    Hostile("a mark of utf-16 for utf-8", HEAD.encode("utf-16"), PLAIN, "Файл в кодировке utf-16, а"),
    Hostile("utf-16 that is cut", (HEAD + GOOD).encode("utf-16")[:-1], profile(delimiter=";"), "начат в UTF-16"),
    Hostile(
        "utf-16, then utf-8",
        HEAD.encode("utf-16") + GOOD.encode() * 9,
        profile(delimiter=";"),
        "нет ни одной|UTF-16|длиннее|Нет колонки|колонок|кодировке",
    ),
    Hostile("utf-32", (HEAD + GOOD).encode("utf-32"), profile(delimiter=";"), "нулевой байт", 1),
    Hostile(
        "an encoding that cannot be told", "number;surname\n1;Иванов\n".encode("koi8-r"), names_in(""), "не определить"
    ),
    Hostile("bytes of no text", bytes(range(1, 256)) * 8, PLAIN, "не в кодировке utf-8", 3),
    Hostile("a pdf", b"%PDF-1.7\n" + bytes(100), PLAIN, "Это PDF"),
    Hostile("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), PLAIN, "Это картинка"),
    Hostile("a photo", b"\xff\xd8\xff\xe0" + bytes(100), PLAIN, "Это картинка"),
    Hostile("an archive of gzip", b"\x1f\x8b\x08" + bytes(100), PLAIN, "Это архив"),
    Hostile("an archive of 7-zip", b"7z\xbc\xaf\x27\x1c" + bytes(100), PLAIN, "Это архив"),
    Hostile("an archive of rar", b"Rar!\x1a\x07" + bytes(100), PLAIN, "Это архив"),
    Hostile("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), PLAIN, "XLS"),
    Hostile("xml", b"<?xml version='1.0'?><a/>", PLAIN, "Это XML"),
    text("html", "<html><table><tr><td>1</td></tr></table>\n", "Нет колонки", 1),
    text("json", '{"number": "702062012"}\n', "Нет колонки", 1),
    Hostile("a database", b"SQLite format 3\0" + bytes(100), PLAIN, "нулевой байт", 1),
]

ROWS = text_row("number", "period", "amount_rub")
GOOD_ROW = text_row("702062012", "10.2026", "1")
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return file.getvalue()


def book(name: str, rows: str, words: str, line_no: int | None = None, **values: str) -> Hostile:
    return Hostile(name, lambda: workbook_of(ROWS + rows, **values), WORKBOOK, words, line_no)


def book_lines(name: str, row: str, words: str) -> Hostile:
    return Hostile(name, lambda: workbook_of(ROWS + row + GOOD_ROW), WORKBOOK, words, broken=(2,))


def damaged(name: str, damage: Callable[[bytes], bytes], words: str = "повреждена") -> Hostile:
    return Hostile(name, lambda: damage(workbook([["number", "period", "amount_rub"], [1, 2, 3]])), WORKBOOK, words)


def rewritten(name: str, content: bytes) -> bytes:
    """Make a workbook of which one entry is another."""
    source = zipfile.ZipFile(io.BytesIO(workbook_of(ROWS + GOOD_ROW)))
    return archive(*((each, content if each == name else source.read(each)) for each in source.namelist()))


def with_wrong_byte(content: bytes) -> bytes:
    place = content.index(SHEET.encode()) + 60
    return content[:place] + b"\xff\xff" + content[place + 2 :]


def encrypted(content: bytes) -> bytes:
    """Say of every entry, in the list of them, that it is encrypted."""
    changed = bytearray(content)
    place = -1
    while (place := content.find(b"PK\x01\x02", place + 1)) >= 0:
        changed[place + 8] |= 1
    return bytes(changed)


SHEET = "xl/worksheets/sheet1.xml"
WORKBOOKS = [
    damaged("a workbook that is cut", lambda content: content[: len(content) // 2]),
    damaged("a workbook without its end", lambda content: content[:-30]),
    damaged("a workbook with a wrong byte", with_wrong_byte),
    damaged(
        "a workbook that says of a million parts",
        lambda content: content[:-14] + b"\xff\xff\xff\xff" + content[-10:],
        "частей",
    ),
    damaged(
        "a workbook with a long list of parts",
        lambda content: content[:-10] + struct.pack("<I", 2**31) + content[-6:],
        "частей",
    ),
    Hostile("two letters of an archive", b"PK", WORKBOOK, "повреждена"),
    Hostile("an archive of nothing", archive(), WORKBOOK, "повреждена"),
    Hostile("an archive that is no workbook", archive(("readme.txt", b"1")), WORKBOOK, "повреждена"),
    Hostile(
        "an archive in a workbook",
        lambda: workbook_of(ROWS, entries={"xl/embeddings/a.zip": b"PK"}),
        WORKBOOK,
        "другой архив",
    ),
    Hostile(
        "a workbook in a workbook",
        lambda: workbook_of(ROWS, entries={"xl/embeddings/Book1.xlsx": b"PK"}),
        WORKBOOK,
        "другой архив",
    ),
    Hostile(
        "a workbook of 300 parts",
        lambda: workbook_of(ROWS, entries={f"xl/media/{n}.png": b"1" for n in range(300)}),
        WORKBOOK,
        "больше 200 частей",
    ),
    Hostile(
        "a workbook packed otherwise", lambda: archive((SHEET, b"1"), method=zipfile.ZIP_LZMA), WORKBOOK, "повреждена"
    ),
    Hostile("a workbook with a password", lambda: encrypted(workbook_of(ROWS)), WORKBOOK, "паролем"),
    Hostile("a bomb of spaces", lambda: workbook_of(ROWS + " " * (40 * MIB)), WORKBOOK, "слишком большой файл"),
    Hostile("a bomb of empty rows", lambda: workbook_of(ROWS + "<row/>" * 900_000), WORKBOOK, "слишком большой файл"),
    Hostile("a bomb of texts", lambda: workbook_of(ROWS, texts="<si/>" * 1_000_000), WORKBOOK, "слишком"),
    Hostile(
        "entities that grow",
        lambda: rewritten(SHEET, f"{DOCTYPE}<worksheet>&c;</worksheet>".encode()),
        WORKBOOK,
        "объявления XML",
    ),
    Hostile(
        "an entity of another file",
        lambda: rewritten(SHEET, b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        WORKBOOK,
        "объявления XML",
    ),
    Hostile(
        "entities in the workbook's list",
        lambda: rewritten("xl/workbook.xml", f"{DOCTYPE}<a/>".encode()),
        WORKBOOK,
        "объявления XML",
    ),
    Hostile("no xml", lambda: rewritten(SHEET, b"number;period"), WORKBOOK, "повреждена"),
    Hostile("xml that is cut", lambda: rewritten(SHEET, b"<worksheet><sheetData><row><c><v>1"), WORKBOOK, "повреждена"),
    Hostile(
        "xml in an unknown encoding",
        lambda: rewritten(SHEET, b'<?xml version="1.0" encoding="cp037"?><a/>'),
        WORKBOOK,
        "повреждена",
    ),
    Hostile("an empty sheet", lambda: rewritten(SHEET, b"<worksheet/>"), WORKBOOK, "нет ни одной строки"),
    Hostile(
        "a part that is elsewhere",
        lambda: rewritten(
            "xl/_rels/workbook.xml.rels",
            b'<Relationships><Relationship Id="rId1" Type="/worksheet" Target="../../../etc/passwd"/></Relationships>',
        ),
        WORKBOOK,
        "повреждена",
    ),
    Hostile("no sheet at all", lambda: rewritten("xl/workbook.xml", b"<workbook/>"), WORKBOOK, "листов"),
    Hostile("several sheets", lambda: workbook([[1]], sheets=("А", "Б")), WORKBOOK, "несколько листов: «А», «Б»"),
    Hostile(
        "a title above the headings of a workbook",
        lambda: workbook_of(text_row("Начисления за октябрь") + ROWS + GOOD_ROW),
        WORKBOOK,
        "названия колонок стоят ниже, .* пропустить",
        1,
    ),
    book("rows backwards", '<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>', "не по порядку", 4),
    book("cells backwards", '<row r="5"><c r="B5"><v>1</v></c><c r="A5"><v>1</v></c></row>', "не по порядку", 5),
    book("a cell of no place", '<row r="5"><c r="5B"><v>1</v></c></row>', "ячейка без места", 5),
    book("more rows than sheets have", '<row r="1048577"><c><v>1</v></c></row>', "больше 1048576 строк", 1048577),
    book(
        "a cell in the last corner",
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "больше 500 колонок",
        1048576,
    ),
    book("a text that is not there", '<row><c t="s"><v>7</v></c></row>', "текст, которого в книге нет", 2),
    book(
        "a text before the first", '<row><c t="s"><v>-1</v></c></row>', "текст, которого в книге нет", 2, texts="<si/>"
    ),
    book("a text of 40 000 signs", text_row("а" * 40_000), "больше 32767 знаков"),
    book("a shared text of 40 000 signs", "", "больше 32767 знаков", texts=f"<si><t>{'а' * 40_000}</t></si>"),
    book_lines(
        "a formula of a workbook", "<row><c><f>1+1</f><v>2</v></c><c><v>1</v></c><c><v>1</v></c></row>", "формула"
    ),
    book_lines(
        "a shared formula", '<row><c><f t="shared" si="0"/><v>2</v></c><c><v>1</v></c><c><v>1</v></c></row>', "формула"
    ),
    book_lines(
        "an error of a workbook", '<row><c><v>1</v></c><c><v>1</v></c><c t="e"><v>#REF!</v></c></row>', "ошибка"
    ),
    book_lines("a text that looks like a formula", text_row("=1+1", "1", "1"), "формула"),
    book_lines("an unseen sign in a workbook", text_row("702\u202e062", "1", "1"), "невидимый знак"),
    book_lines("a sign that xml cannot hold", text_row("702_x0000_062", "1", "1"), "невидимый знак"),
    Hostile("a text for a workbook", (HEAD + GOOD).encode(), WORKBOOK, "Это текст с разделителями, а формат"),
    Hostile("a workbook for a text", lambda: workbook([[1]]), PLAIN, "Это книга Excel, а формат"),
]

FIELDS = (("NUMBER", "C", 12, 0), ("SURNAME", "C", 30, 0))
RECORD = (b"702062012", "Щукин".encode("cp866"))
DBF = profile("accounts", ("number", "surname"), container="dbf", encoding="cp866")
TABLES = [
    Hostile("a table that is cut", table(FIELDS, [RECORD] * 3)[:-20], DBF, "записей 3, а в файле 2"),
    Hostile("a table of four thousand million", table(FIELDS, [RECORD], count=2**32 - 1), DBF, "записей 4294967295"),
    Hostile("a table of more than it says", table(FIELDS, [RECORD] * 3, count=1), DBF, "записей 1, а в файле 3"),
    Hostile("a table of no record", table(FIELDS, []), DBF, "нет ни одной строки"),
    Hostile("a table that is cut in its head", table(FIELDS, [RECORD])[:70], DBF, "повреждена"),
    Hostile(
        "a table whose columns are no record",
        table(FIELDS, [RECORD]).replace(b"C\0\0\0\0\x1e", b"C\0\0\0\0\xfe"),
        DBF,
        "повреждена",
    ),
    Hostile(
        "a table with a wrong record",
        table(FIELDS, [RECORD, RECORD])[:-44] + b"#" + table(FIELDS, [RECORD])[-43:],
        DBF,
        "неверным знаком",
        2,
    ),
    Hostile(
        "a table in two encodings",
        table(FIELDS, [RECORD, (b"1", "Пушкин".encode("cp1251"))]),
        DBF,
        "не в кодировке cp866",
        2,
    ),
    Hostile(
        "a table of which nothing can be told",
        table(FIELDS, [(b"1", "Иванов".encode("koi8-r"))]),
        profile("accounts", ("number", "surname"), container="dbf"),
        "Кодировку таблицы",
    ),
    Hostile("a table without the column", table(FIELDS[:1], [RECORD[:1]]), DBF, "Нет колонки «surname»", 1),
    Hostile("a formula in a table", table(FIELDS, [(b"=1+1", b"1"), RECORD]), DBF, "формула", broken=(1,)),
    Hostile("a null inside a value", table(FIELDS, [(b"70\x00062", b"1"), RECORD]), DBF, "невидимый знак", broken=(1,)),
]

DOCUMENT = {
    "Номер": "1",
    "Дата": "31.10.2026",
    "Сумма": "1.00",
    "ПолучательСчет": "40702810000000000001",
    "НазначениеПлатежа": "лс 702062012",
}


def said(name: str, content: str, words: str, line_no: int | None = None, broken: tuple[int, ...] = ()) -> Hostile:
    return Hostile(name, content.encode("cp1251"), STATEMENT, words, line_no, broken)


STATEMENTS = [
    said("a statement without its end", statement(DOCUMENT, last=""), "КонецФайла"),
    said("a statement cut in a document", statement(DOCUMENT)[:-60], "КонецФайла"),
    said("a document in a document", statement(DOCUMENT, DOCUMENT).replace("КонецДокумента\r\n", "", 1), "дважды", 15),
    said("a document with two sums", statement(DOCUMENT).replace("Сумма=", "Сумма=5\r\nСумма="), "«Сумма» стоит", 13),
    said("lines after the end", statement(DOCUMENT) + "Номер=5\r\n", "после строки «КонецФайла»", 17),
    said("a null in a statement", statement(DOCUMENT).replace("лс", "л\0с"), "нулевой байт", 14),
    said(
        "a formula in a statement",
        statement({**DOCUMENT, "НазначениеПлатежа": "=лс"}, DOCUMENT),
        "формула",
        broken=(9,),
    ),
    said("hundreds of fields", statement({f"Поле{n}": "1" for n in range(400)}), "разных полей", 290),
    said("a statement of nothing", statement(), "нет ни одной строки"),
]

HOSTILE = [*TEXTS, *WORKBOOKS, *TABLES, *STATEMENTS]
