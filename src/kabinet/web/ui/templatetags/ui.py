"""Filters that write values for people, and icons.

A filter gives an empty string for None, so that a template need not ask; anything else that is wrong raises.
"""

import re
import secrets
from collections.abc import Callable
from functools import cache, partial, wraps
from pathlib import Path
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kabinet.web.ui import formats

ICONS = Path(__file__).parent.parent / "static/ui/vendor/lucide"

register = template.Library()


def written(name: str, write: Callable[..., str]) -> None:
    """Register a filter that leaves None out."""

    @wraps(write)  # Django counts a filter's arguments by the function that it wraps
    def write_unless_none(value: Any, *arguments: Any) -> str:
        return "" if value is None else write(value, *arguments)

    register.filter(name, write_unless_none)


for _write in (
    formats.rub,
    formats.volume,
    formats.number,
    formats.account_number,
    formats.reading,
    formats.day,
    formats.day_words,
    formats.day_words_year,
    formats.moment,
    formats.moment_words,
    formats.month_words,
    formats.month_short,
    formats.initials,
):
    written(_write.__name__, _write)

written("rub_signed", partial(formats.rub, signed=True))
written("roubles", lambda amount_rub: formats.roubles_and_kopecks(amount_rub)[0])
written("kopecks", lambda amount_rub: formats.roubles_and_kopecks(amount_rub)[1])


@register.filter
def kind(field: BoundField) -> str:
    """Say what the control is: text, email, password, select, textarea, checkbox, group."""
    return "group" if field.use_fieldset else field.widget_type


_TABLE_TAG = re.compile(r'<(thead|tbody|tfoot|tr|th|td)\b((?:[^>"]|"[^"]*")*)>')
_TABLE_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


@register.filter
def with_table_roles(rows: SafeString) -> SafeString:
    """Say of each tag of a table's rows what it is: where CSS makes cards of rows, Safari forgets it.

    Source: https://adrianroselli.com/2018/02/tables-css-display-properties-and-aria.html
    """

    def with_role(tag: re.Match[str]) -> str:
        name, attributes = tag.groups()
        role = _TABLE_ROLES.get(name) or ("rowheader" if 'scope="row"' in attributes else "columnheader")
        return tag[0] if " role=" in attributes else f'<{name} role="{role}"{attributes}>'

    return mark_safe(_TABLE_TAG.sub(with_role, rows))  # noqa: S308  (the rows were escaped when they were drawn)


@register.filter
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """Give the fields that one can see and that are wrong."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def shows_summary(form: BaseForm) -> bool:
    """Say whether the form needs words above its fields: not when its one field says it all."""
    hidden_errors = any(field.errors for field in form.hidden_fields())
    return bool(form.non_field_errors() or hidden_errors or (form.errors and len(form.visible_fields()) > 1))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of Lucide inline. Without a label it is decoration and hidden from screen readers.

    Raises FileNotFoundError for an icon that is not vendored.
    """
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, _shapes(name)
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', _shapes(name))


@register.simple_tag
def unique_id(prefix: str) -> str:
    """Give an id that is unlike any other, on the page and in fragments that are swapped into it."""
    return f"{prefix}-{secrets.token_hex(4)}"


@cache
def _shapes(name: str) -> SafeString:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing.partition("<svg")[2].partition(">")[2].rpartition("</svg>")[0]
    return mark_safe(re.sub(r"\s*\n\s*", "", inside).replace(" />", "/>"))  # noqa: S308  a file of ours, not data
