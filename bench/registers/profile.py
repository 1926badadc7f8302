"""How the files of the world are written."""

from pathlib import Path

from kabinet.registers.formats.profile import Column, Profile

FIELDS = {
    "accounts": ("number", "surname", "given_name", "patronymic", "postcode", "locality", "street_address", "flat"),
    "charges": ("number", "", "service_code", "period", "volume_m3", "price_rub_per_m3", "amount_rub", "closing_rub"),
    "readings": ("number", "serial_number", "value_m3", "taken_on"),
    "payments": ("number", "amount_rub", "operation_id", "paid_on", "payer"),
}
"""By kind, the fields of the columns; one that nobody reads is ""."""


def profile_of(file: Path) -> Profile:
    """Give the format of a file of the world; its columns are named by their places."""
    is_sheet = file.suffix == ".xlsx"
    return Profile(
        name="bench",
        kind=file.stem,
        container="xlsx" if is_sheet else "text",
        encoding="" if is_sheet else "cp1251",
        delimiter="" if is_sheet else ";",
        headings=False,
        skipped_lines=1,
        columns=tuple(Column(field, (str(place),)) for place, field in enumerate(FIELDS[file.stem], start=1) if field),
    )
