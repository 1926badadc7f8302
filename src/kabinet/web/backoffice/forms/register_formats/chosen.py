"""The profile that was put together in the forms."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _now

from kabinet.registers.formats.looking import Look
from kabinet.registers.formats.profile import NAMED, Column, Footer, Profile
from kabinet.registers.rules.kinds import Field
from kabinet.web.backoffice.forms.register_formats.columns import JOINED, FileColumn
from kabinet.web.backoffice.forms.register_formats.meaning import COLUMN, MeaningForm
from kabinet.web.backoffice.forms.register_formats.places import column_of, positions


def profile_of(
    look: Look, shape: Mapping[str, Any], meaning: MeaningForm, columns: Sequence[FileColumn], base: Profile | None
) -> Profile:
    """Put a profile together of what was chosen; what the form does not show stays as `base` has it.

    Raises ProfileInvalid.
    """
    given = meaning.cleaned_data
    has_headings = shape["headings"] or look.container in NAMED
    names = {column.position: column.heading if has_headings else str(column.position) for column in columns}
    mapped = []
    for field in meaning.mapped:
        chosen, before = given[COLUMN + field.name], column_of(base, field)
        if chosen:
            mapped.append(_chosen(field, tuple(names[position] for position in chosen), before))
        elif before and before.optional and not positions(field, base, columns):
            mapped.append(before)  # this file has no such column; another one may have it
    constants = {name: text for name, text in (base.constants if base else {}).items() if name != "service_code"}
    if given.get("service_code") and not given[COLUMN + "service_code"]:
        constants["service_code"] = given["service_code"]
    footer = None
    if given["footer_begins"]:
        footer = Footer(
            given["footer_begins"],
            given["footer_count_at"],
            given.get("footer_sum_at"),
            given.get("footer_sum_field", ""),
        )
    written = {
        name: tuple(given[name]) if name.endswith("_forms") else given[name]
        for name in ("decimal_mark", "thousands", "money_unit", "date_forms", "month_forms", "on_duplicate", "ragged")
        if name in given
    }
    return Profile(
        name=given["name"].strip() or _now("Новый формат"),
        kind=meaning.kind.code,
        columns=tuple(mapped),
        container=look.container,
        footer=footer,
        parts=base.parts if base else (),
        only=base.only if base else (),
        constants=constants,
        **shape,
        **written,
    )


def _chosen(field: Field, sources: tuple[str, ...], before: Column | None) -> Column:
    """Give a column as it was chosen, with what it had before and the form does not show."""
    if before is None:
        return Column(field.name, sources, joint=JOINED.get(field.type, " "))
    return Column(field.name, sources, joint=before.joint, after=before.after, optional=before.optional)
