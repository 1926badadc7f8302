"""Cells of a file as SQL: what a text is as a number, a day or a month by the profile, and what is wrong with it."""

import re
from collections.abc import Callable, Sequence

from kabinet.registers.formats.forms import ROUBLES_AFTER, Form
from kabinet.registers.formats.profile import KOPECKS, Profile
from kabinet.registers.rules import kinds
from kabinet.registers.rules.kinds import Field, Kind

Cell = Callable[[str], str]
"""How a statement names the cell of a field."""

#: Digits before the decimal mark, and places after it, that a column of ours has room for.
_ROOM = {kinds.MONEY: (12, 2), kinds.PRICE: (7, 5), kinds.VOLUME: (9, 3), kinds.AREA: (6, 2)}
_MOST_COUNT = 32_767
_COUNT_DIGITS = len(str(_MOST_COUNT))
#: Fields of which a file says few different things, however long it is.
_FEW = frozenset({kinds.DATE, kinds.MONTH, kinds.PRICE})
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
    "region_code": 40,
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


def kept_cell(kind: Kind, row: str = "line") -> Cell:
    """Name cells of lines that are kept."""
    place = _places(kind)
    return lambda field: f"{row}.cells[{place[field]}]"


def read_cell(kind: Kind, profile: Profile) -> Cell:
    """Name cells of lines that have just been read, for `problems`."""
    place = _places(kind)
    return lambda field: f"cells[{place[field]}]" if field in profile.fields else "''"


def _places(kind: Kind) -> dict[str, int]:
    return {field.name: place for place, field in enumerate(kind.fields, start=1)}


def cells(kind: Kind, cell: Cell) -> str:
    """Give the array of a line's cells in the order of its kind."""
    return f"ARRAY[{', '.join(cell(field.name) for field in kind.fields)}]"


def values(kind: Kind, profile: Profile, cell: Cell) -> str:
    """Give a list of columns, one for each field: what its cell is, NULL when it is empty or cannot be read."""
    return ",\n".join(f'{value(field, profile, cell(field.name))} AS "{field.name}"' for field in kind.fields)


def staged(kind: Kind, profile: Profile, table: str = "staged") -> str:
    """Give the rows of a file, with what its days, months and prices are, for `values_of_staged`.

    A file says few different ones in many lines: each text is read once and found by joining, which is five times as
    quick as to read it in every line.
    """
    cell = staged_cell(profile)
    rows = f"{table} AS staged"
    for name, field in _said_again(kind, profile).items():
        texts = f'SELECT DISTINCT "{name}" FROM {table}'  # noqa: S608 - names of our own
        read = f'"{name}" AS text, {value(field, profile, cell(name))} AS value FROM ({texts}) AS staged OFFSET 0'
        rows += f'\nLEFT JOIN (SELECT {read}) AS {_found(name)} ON {_found(name)}.text = staged."{name}"'
    return rows


def values_of_staged(kind: Kind, profile: Profile) -> str:
    """Give the same columns as `values`, of rows as `staged` gives them."""
    cell = staged_cell(profile)
    again = _said_again(kind, profile)
    read = {
        field.name: f"{_found(field.name)}.value" if field.name in again else value(field, profile, cell(field.name))
        for field in kind.fields
    }
    return ",\n".join(f'{is_read} AS "{name}"' for name, is_read in read.items())


def _said_again(kind: Kind, profile: Profile) -> dict[str, Field]:
    return {field.name: field for field in kind.fields if field.name in profile.fields and field.type in _FEW}


def _found(name: str) -> str:
    return f'"{name} as read"'


def problems(kind: Kind, profile: Profile, cell: Cell) -> str:
    """Give the array of what is wrong with a line's cells by themselves: «field:code»; NULL when nothing is.

    It names the columns that `values` gives, and of the cells those alone that have no value.
    """
    found = [problem for field in kind.fields if (problem := _problem(field, profile, cell(field.name)))]
    some = f"coalesce({', '.join(found)}) IS NOT NULL"
    return f"CASE WHEN {some} THEN array_remove(ARRAY[{', '.join(found)}]::text[], NULL) END"


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
    """Most numbers are written plainly, and told by one short pattern; only the others get the whole rule."""
    mark = profile.number_form.mark
    in_kopecks = field.type == kinds.MONEY and profile.money_unit == KOPECKS
    if field.type == kinds.COUNT:
        plain, longest = "^[0-9]+$", _COUNT_DIGITS - 1
        value_of_plain = f"{cell}::integer"
    elif in_kopecks:
        plain, longest = "^-?[0-9]+$", _ROOM[field.type][0]
        value_of_plain = f"round({cell}::numeric / 100, 2)"
    else:
        longest, places = _ROOM[field.type]
        plain = f"^-?[0-9]+(?:[{mark}][0-9]{{1,{places}}})?$"
        value_of_plain = _cast(cell, mark)
    branches = [
        f"WHEN {cell} = '' THEN NULL",
        f"WHEN length({cell}) <= {longest} AND {cell} ~ {literal(plain)} THEN {value_of_plain}",
        _odd_number(field, profile, cell, in_kopecks=in_kopecks),
    ]
    if field.type == kinds.MONEY and not in_kopecks:
        bare = f"regexp_replace({cell}, {literal(ROUBLES_AFTER)}, '')"
        branches.append(_odd_number(field, profile, bare, in_kopecks=False))
    return f"CASE {' '.join(branches)} END"


def _odd_number(field: Field, profile: Profile, text: str, *, in_kopecks: bool) -> str:
    """Give the branch of the whole rule: signs that mean nothing are taken away, and there has to be room for it."""
    form = profile.number_form
    compact = f"translate(btrim({text}), {literal('−' + form.removed)}, '-')"
    number = _cast(compact, form.mark)
    if field.type == kinds.COUNT:
        fits, number = f"{number} BETWEEN 0 AND {_MOST_COUNT} AND {number} = trunc({number})", f"{number}::integer"
    else:
        whole_digits, places = _ROOM[field.type]
        number = f"({number} / 100)" if in_kopecks else number
        fits = f"abs({number}) < 1e{whole_digits} AND {number} = round({number}, {places})"
        number = f"round({number}, {places})"
    return f"WHEN {compact} ~ {literal(form.pattern)} THEN CASE WHEN {fits} THEN {number} END"


def _cast(text: str, mark: str) -> str:
    exact = text if mark == "." else f"replace({text}, {literal(mark)}, '.')"
    return f"({exact})::numeric"


def _day(forms: Sequence[Form], cell: str) -> str:
    text = f"btrim({cell})"
    branches = []
    for form in forms:
        rewritten = _rewritten(form, text)
        branches.append(
            f"WHEN {text} ~ {literal(form.pattern)}"
            f" THEN CASE WHEN pg_input_is_valid({rewritten}, 'date') THEN ({rewritten})::date END"
        )
    return f"CASE {' '.join(branches)} END"


def _rewritten(form: Form, text: str) -> str:
    """Give the expression of a text that has a form as what the form makes of it.

    By places where they are the same in each such text: that is ten times as quick as by the pattern.
    """
    if form.pattern.count("(") != len(_DIGITS.findall(form.pattern)):
        return f"regexp_replace({text}, {literal(form.pattern)}, {literal(form.rewritten)})"
    places: dict[int, str] = {}
    place = 1
    for digits, _sign in _PIECES.findall(form.pattern.strip("^$")):
        if digits:
            places[len(places) + 1] = f"substr({text}, {place}, {digits})"
        place += int(digits or 1)
    pieces = re.split(r"\\([0-9])", form.rewritten)
    named = [places[int(piece)] if number % 2 else literal(piece) for number, piece in enumerate(pieces) if piece]
    return f"({' || '.join(named)})"


#: What patterns of forms are made of: so many digits, or another sign.
_PIECES = re.compile(r"\(\[0-9\]\{([0-9]+)\}\)|\\?(.)")
_DIGITS = re.compile(r"\(\[0-9\]\{[0-9]+\}\)")


def _problem(field: Field, profile: Profile, cell: str) -> str | None:
    if cell == "''":
        return f"'{field.name}:missing'" if field.required else None
    branches = []
    if field.type in _TYPES:
        missing = f"'{field.name}:missing'" if field.required else "NULL"
        branches.append(
            f'WHEN "{field.name}" IS NULL'
            f" THEN CASE WHEN btrim({cell}) = '' THEN {missing} ELSE '{field.name}:{_CODES[field.type]}' END"
        )
    elif field.required:
        branches.append(f"WHEN \"{field.name}\" IS NULL THEN '{field.name}:missing'")
    if longest := _LONGEST.get(field.name):
        branches.append(f"WHEN length(\"{field.name}\") > {longest} THEN '{field.name}:too-long'")
    return f"CASE {' '.join(branches)} END" if branches else None


_CODES = {
    **dict.fromkeys(_ROOM, "not-number"),
    kinds.COUNT: "not-count",
    kinds.DATE: "not-day",
    kinds.MONTH: "not-month",
}


def literal(text: str) -> str:
    """Write a text into a statement that has parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def number_key(cell: str, number_kept: str) -> str:
    """Give the expression of an account number as it is stored; see ``suppliers.rules.number_normalised``.

    number_kept  signs out of «-./» that belong to the supplier's numbers
    """
    text = f"btrim({cell})"
    left_out = "".join(sign for sign in "-./" if sign not in number_kept)
    dashes = "‐‑‒–—−" if "-" in number_kept else ""
    dropped = literal(dashes + " \t\u00a0\u202f" + left_out + ("" if dashes else "‐‑‒–—−"))
    bare = rf"regexp_replace(replace({text}, '№', ' '), '^\s*(л/?с|лицевой\s+сч[её]т)?[\s:.]*', '', 'i')"
    return (
        f"CASE WHEN ltrim({text}, '0123456789') = '' THEN nullif({text}, '')"
        f" ELSE nullif(upper(translate({bare}, {dropped}, {literal('-' * len(dashes))})), '') END"
    )


def service_key(cell: str, service_ids: dict[str, int]) -> str:
    """Give the expression by which a service is found: one of its names, the same however a file calls it.

    service_ids  what files may call services, in small letters; "" where they name none
    """
    first = {service_id: name for name, service_id in reversed(service_ids.items())}
    said = f"lower(btrim({cell}))"
    others = [
        f"WHEN {literal(name)} THEN {literal(first[service_id])}"
        for name, service_id in service_ids.items()
        if name != first[service_id]
    ]
    return f"CASE {said} {' '.join(others)} ELSE {said} END" if others else said


def usage_purpose(purposes: Sequence[tuple[str, str]], field: str = "line.usage_purpose_code") -> str:
    """Give the expression of the code of a direction of use, which a file says by its code or name; NULL for none.

    purposes  codes and names of a supplier's directions
    """
    codes = {name.strip().lower(): code for code, name in purposes}
    codes |= {code.lower(): code for code, _name in purposes}
    branches = " ".join(f"WHEN {literal(said)} THEN {literal(code)}" for said, code in codes.items())
    return f"CASE lower({field}) {branches} END" if branches else "NULL::text"


def zone_key(cell: str) -> str:
    """Give the expression of a scale's zone: T1 when none is named, NULL for what is no zone."""
    zone = f"upper(translate(btrim({cell}), 'тТ ', 'TT'))"
    return (
        f"CASE WHEN {zone} IN ('', '1', 'T1') THEN 'T1' WHEN {zone} IN ('2', 'T2') THEN 'T2'"
        f" WHEN {zone} IN ('3', 'T3') THEN 'T3' END"
    )


def name_parts() -> dict[str, str]:
    """Give the expressions of a payer's names and house, from fields of their own or from the whole in one cell.

    A whole name says all of it: what it lacks is empty, lest two people be mixed into one.
    """
    whole = "regexp_split_to_array(line.full_name, '[\\s\u00a0\u202f]+')"
    lacking = "CASE WHEN line.full_name IS NOT NULL THEN '' END"
    return {
        "surname": f"coalesce(line.surname, ({whole})[1])",
        "given_name": f"coalesce(line.given_name, ({whole})[2], {lacking})",
        "patronymic": f"coalesce(line.patronymic, array_to_string(({whole})[3:], ' '))",
        "street_address": "coalesce(line.street_address, line.address)",
    }
