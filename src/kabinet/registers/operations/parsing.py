"""Cells of a file as SQL: what a text is as a number, a day or a month by the profile, and what is wrong with it."""

from collections.abc import Callable, Sequence

from kabinet.registers.formats.forms import Form
from kabinet.registers.formats.profile import KOPECKS, Profile
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field, Kind

Cell = Callable[[str], str]
"""How a statement names the cell of a field."""

#: Digits before the decimal mark, and places after it, that a column of ours has room for.
_ROOM = {kinds.MONEY: (12, 2), kinds.PRICE: (7, 5), kinds.VOLUME: (9, 3), kinds.AREA: (6, 2)}
_MOST_COUNT = 32_767
_LONGEST = {
    "number": 40,
    "surname": 80,
    "given_name": 80,
    "patronymic": 80,
    "full_name": 240,
    "postcode": 6,
    "locality": 120,
    "street_address": 160,
    "flat": 20,
    "address": 160,
    "service_code": 40,
    "serial_number": 40,
    "model_name": 80,
    "seal_number": 40,
    "zone": 2,
    "operation_id": 100,
    "our_payment_id": 36,
    "payer": 200,
    "note": 250,
}


def staged_cell(profile: Profile) -> Cell:
    """Name cells of the table that a file is copied into; a field that the file does not have is empty."""
    return lambda field: f'staged."{field}"' if field in profile.fields else "''"


def kept_cell(kind: Kind) -> Cell:
    """Name cells of lines that are kept."""
    place = {field.name: number for number, field in enumerate(kind.fields, start=1)}
    return lambda field: f"line.cells[{place[field]}]"


def cells(kind: Kind, cell: Cell) -> str:
    """Give the array of a line's cells in the order of its kind."""
    return f"ARRAY[{', '.join(cell(field.name) for field in kind.fields)}]"


def values(kind: Kind, profile: Profile, cell: Cell) -> str:
    """Give a list of columns, one for each field: what its cell is, NULL when it is empty or cannot be read."""
    return ",\n".join(f'{value(field, profile, cell(field.name))} AS "{field.name}"' for field in kind.fields)


def problems(kind: Kind, profile: Profile, cell: Cell) -> str:
    """Give the array of what is wrong with a line's cells by themselves: «field:code»; NULL when nothing is."""
    found = [problem for field in kind.fields if (problem := _problem(field, profile, cell(field.name)))]
    return f"nullif(array_remove(ARRAY[{', '.join(found)}]::text[], NULL), '{{}}')"


def value(field: Field, profile: Profile, cell: str) -> str:
    """Give the expression of what a cell is."""
    if cell == "''":
        return f"NULL::{_TYPES.get(field.type, 'text')}"
    if field.type in _ROOM or field.type == kinds.COUNT:
        return _number(field, profile, cell)
    if field.type == kinds.DATE:
        return _day(profile.dates, cell)
    if field.type == kinds.MONTH:
        return _day(profile.months, cell)
    return f"nullif(btrim({cell}), '')"


_TYPES = {
    **dict.fromkeys(_ROOM, "numeric"),
    kinds.COUNT: "integer",
    kinds.DATE: "date",
    kinds.MONTH: "date",
}


def _number(field: Field, profile: Profile, cell: str) -> str:
    form = profile.number_form
    compact = f"translate(btrim({cell}), {_literal('−' + form.removed)}, '-')"
    exact = compact if form.mark == "." else f"replace({compact}, {_literal(form.mark)}, '.')"
    number = f"({exact})::numeric"
    if field.type == kinds.MONEY and profile.money_unit == KOPECKS:
        number = f"({number} / 100)"
    if field.type == kinds.COUNT:
        fits, number = f"{number} BETWEEN 0 AND {_MOST_COUNT} AND {number} = trunc({number})", f"{number}::integer"
    else:
        digits, places = _ROOM[field.type]
        fits = f"abs({number}) < 1e{digits} AND {number} = round({number}, {places})"
        number = f"round({number}, {places})"
    return f"CASE WHEN {compact} ~ {_literal(form.pattern)} THEN CASE WHEN {fits} THEN {number} END END"


def _day(forms: Sequence[Form], cell: str) -> str:
    text = f"btrim({cell})"
    branches = []
    for form in forms:
        rewritten = f"regexp_replace({text}, {_literal(form.pattern)}, {_literal(form.rewritten)})"
        branches.append(
            f"WHEN {text} ~ {_literal(form.pattern)}"
            f" THEN CASE WHEN pg_input_is_valid({rewritten}, 'date') THEN ({rewritten})::date END"
        )
    return f"CASE {' '.join(branches)} END"


def _problem(field: Field, profile: Profile, cell: str) -> str | None:
    missing = f"btrim({cell}) = ''" if cell != "''" else "TRUE"
    branches = [f"WHEN {missing} THEN '{field.name}:missing'"] if field.required else []
    if cell != "''":
        if field.type in _TYPES:
            known = f"({value(field, profile, cell)}) IS NULL"
            branches.append(f"WHEN {known} AND btrim({cell}) <> '' THEN '{field.name}:{_CODES[field.type]}'")
        elif longest := _LONGEST.get(field.name):
            branches.append(f"WHEN length(btrim({cell})) > {longest} THEN '{field.name}:too-long'")
    return f"CASE {' '.join(branches)} END" if branches else None


_CODES = {
    **dict.fromkeys(_ROOM, "not-number"),
    kinds.COUNT: "not-count",
    kinds.DATE: "not-day",
    kinds.MONTH: "not-month",
}


def _literal(text: str) -> str:
    """Write a text into a statement that has parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def number_key(cell: str, number_kept: str) -> str:
    """Give the expression of an account number as it is stored; see ``suppliers.rules.number_normalised``.

    number_kept  signs out of «-./» that belong to the supplier's numbers
    """
    text = f"btrim({cell})"
    left_out = "".join(sign for sign in "-./" if sign not in number_kept)
    dashes = "‐‑‒–—−" if "-" in number_kept else ""
    dropped = _literal(dashes + " \t\u00a0\u202f" + left_out + ("" if dashes else "‐‑‒–—−"))
    bare = rf"regexp_replace(replace({text}, '№', ' '), '^\s*(л/?с|лицевой\s+сч[её]т)?[\s:.]*', '', 'i')"
    return (
        f"CASE WHEN translate({text}, '0123456789', '') = '' THEN nullif({text}, '')"
        f" ELSE nullif(upper(translate({bare}, {dropped}, {_literal('-' * len(dashes))})), '') END"
    )


def service_key(cell: str) -> str:
    """Give the expression by which a service is found: its code or name in small letters; "" for none."""
    return f"lower(btrim({cell}))"


def zone_key(cell: str) -> str:
    """Give the expression of a scale's zone: T1 when none is named, NULL for what is no zone."""
    zone = f"upper(translate(btrim({cell}), 'тТ ', 'TT'))"
    return (
        f"CASE WHEN {zone} IN ('', '1', 'T1') THEN 'T1' WHEN {zone} IN ('2', 'T2') THEN 'T2'"
        f" WHEN {zone} IN ('3', 'T3') THEN 'T3' END"
    )


def name_parts() -> dict[str, str]:
    """Give the expressions of a payer's names and house, from fields of their own or from the whole in one cell."""
    whole = "regexp_split_to_array(line.full_name, '\\s+')"
    return {
        "surname": f"coalesce(line.surname, ({whole})[1])",
        "given_name": f"coalesce(line.given_name, ({whole})[2])",
        "patronymic": f"coalesce(line.patronymic, nullif(array_to_string(({whole})[3:], ' '), ''))",
        "street_address": "coalesce(line.street_address, line.address)",
    }
