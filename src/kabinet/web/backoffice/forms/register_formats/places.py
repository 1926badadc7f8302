"""Where a field stands in a file: as a profile says, or as headings that are usual do."""

from collections.abc import Sequence

from kabinet.registers.formats.labels import LABELS
from kabinet.registers.formats.profile import Column, Profile
from kabinet.registers.formats.ready import READY
from kabinet.registers.formats.rows import normal
from kabinet.registers.rules.kinds import Field
from kabinet.web.backoffice.forms.register_formats.columns import FileColumn

#: What columns are often called, beside what formats that come with the portal call them.
USUAL_HEADINGS = {
    "number": ("лс", "л/с", "счет", "номер лс", "номер счета", "№ лс", "account"),
    "full_name": ("фио", "плательщик", "абонент"),
    "address": ("адрес",),
    "balance_rub": ("долг", "сальдо", "задолженность", "остаток"),
    "amount_rub": ("сумма", "начислено", "к оплате"),
    "period": ("период", "месяц"),
    "paid_on": ("дата", "дата платежа"),
    "operation_id": ("операция", "уип", "суип"),
    "residents_count": ("проживает", "жильцов", "прописано"),
    "area_m2": ("площадь",),
    "serial_number": ("счетчик", "номер прибора", "заводской номер"),
    "value_m3": ("показание",),
    "taken_on": ("дата", "дата снятия"),
}


def positions(field: Field, profile: Profile | None, columns: Sequence[FileColumn]) -> list[int]:
    """Tell in which columns a field stands: by a profile, or by a heading that known formats have for it."""
    by_heading = {normal(column.heading): column.position for column in columns if column.heading}
    if profile is None:
        known = (by_heading[name] for name in _known_headings(field) if name in by_heading)
        return [position for position in [next(known, None)] if position]
    column = column_of(profile, field)
    if column is None:
        return []
    if not profile.has_headings:
        return [int(source) for source in column.sources if int(source) <= len(columns)]
    return [by_heading[normal(source)] for source in column.sources if normal(source) in by_heading]


def column_of(profile: Profile | None, field: Field) -> Column | None:
    columns = profile.columns if profile else ()
    return next((column for column in columns if column.field == field.name), None)


def _known_headings(field: Field) -> list[str]:
    """Name the headings that a field has in formats that come with the portal, and what we call it ourselves."""
    sources = [
        source
        for profile in READY
        if profile.has_headings
        for column in profile.columns
        if column.field == field.name and len(column.sources) == 1 and not column.after
        for source in column.sources
    ]
    return [normal(source) for source in [str(LABELS[field.name]), *sources, *USUAL_HEADINGS.get(field.name, ())]]
