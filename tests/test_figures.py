"""No rate, date, norm or coefficient stands in code: all of them are data with days and a source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kabinet"
#: The apps in which money is counted: here also whole numbers are looked at, and days that are written out.
BILLING = ("bills", "charges", "ledger", "meters", "suppliers", "tariffs")
NOT_CODE = ("tests", "migrations", "locale", "reference")

#: Prices, rates, norms and coefficients of the notes on the domain.
FRACTIONS = {
    *("9.5", "4.37507", "9.624", "9.576", "10.548", "13.52", "13.30", "12.42", "10.93", "9.02", "8.3", "8.13", "7.69"),
    *("12.7", "17.1", "31.5", "12.8", "10.6", "15.9", "23.3", "8.1", "24.5", "8.5", "16.5", "6.2", "7.2", "166.5"),
    *("25.2", "1.06", "1.158", "1.073", "1.035", "293.15", "273.15"),
}
#: Days of delay and parts of the rate, the norm of a year, prices per 1000 m³.
WHOLE = {31, 91, 130, 300, 84, 7690, 8010}
#: The same numbers with another meaning: the days of the longest month, the bytes of a payment symbol's first part.
OTHER_MEANINGS = {
    "suppliers/models/suppliers.py": {31},
    "suppliers/models/terms.py": {31},
    "bills/rules.py": {300},
}
DATES = {"date", "datetime", "Month"}


def files(suffix: str) -> list[Path]:
    return [
        file
        for file in PACKAGE.rglob(f"*{suffix}")
        if not set(NOT_CODE) & set(file.relative_to(PACKAGE).parts) and file.name != "gallery.py"
    ]


def is_billing(file: Path) -> bool:
    return file.relative_to(PACKAGE).parts[0] in BILLING


def figures(source: str, *, name: str, is_billing: bool) -> Iterator[str]:
    """Give the figures in a Python file that must be data, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant):
            text = str(node.value).replace(",", ".")
            if text in FRACTIONS and not isinstance(node.value, bool):
                yield f"{name}:{node.lineno}: {text}"
            if is_billing and _is_whole_figure(node.value, name):
                yield f"{name}:{node.lineno}: {text}"
        if is_billing and isinstance(node, ast.Call) and _called(node) in DATES and _is_written_out(node):
            yield f"{name}:{node.lineno}: {ast.unparse(node)}"


def _is_whole_figure(value: object, name: str) -> bool:
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"\d{2,4}", value, re.ASCII) else None
    if type(value) is not int:
        return False
    return value in WHOLE - OTHER_MEANINGS.get(name, set())


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_written_out(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and isinstance(first.value, int) and first.value > 1900


def test_no_figure_of_the_law_stands_in_code():
    found = [
        figure
        for file in files(".py")
        for figure in figures(file.read_text(), name=file.relative_to(PACKAGE).as_posix(), is_billing=is_billing(file))
    ]

    assert found == []


def test_no_figure_of_the_law_stands_in_a_statement():
    pattern = re.compile(
        rf"(?<![\w.])(?:{'|'.join(map(re.escape, FRACTIONS | {str(number) for number in WHOLE - {31}}))})\b"
    )

    assert [(file.name, found[0]) for file in files(".sql") if (found := pattern.search(file.read_text()))] == []


@pytest.mark.parametrize(
    "source",
    [
        "CAP = Decimal('9.5')",
        "CAP = 9.5",
        "rate / 300",
        "if day >= 91: pass",
        "DAYS = 31",
        "share = '130'",
        "CAP_ENDS = dt.date(2027, 1, 1)",
        "NEW_TERM = Month(2026, 3)",
        "volume * Decimal('1.06')",
    ],
)
def test_a_figure_in_code_is_found(source):
    assert list(figures(source, name="charges/rules/penalties.py", is_billing=True))


@pytest.mark.parametrize("source", ['"""Up to 9.5 % until 1 January 2027."""', "Month(year, month)", "x = 12", "# 9.5"])
def test_words_about_figures_are_free(source):
    assert list(figures(source, name="charges/rules/penalties.py", is_billing=True)) == []
