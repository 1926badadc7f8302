"""What all forms of the office have in common."""

import importlib
import pkgutil
from contextlib import nullcontext

import pytest
from django import forms as django_forms

from kabinet.web.backoffice import forms
from kabinet.web.backoffice.forms import account_acts, numbers
from kabinet.web.backoffice.forms.filters import DayField

MODULES = [importlib.import_module(found.name) for found in pkgutil.walk_packages(forms.__path__, f"{forms.__name__}.")]
FORMS = {
    member
    for module in MODULES
    for member in vars(module).values()
    if isinstance(member, type) and issubclass(member, django_forms.Form) and member.__module__ == module.__name__
}
PLAIN = django_forms.Field.default_error_messages["required"]
"""What Django says of every field alike."""


def has_an_answer(field: django_forms.Field) -> bool:
    """A list always sends one of its lines; what is hidden is sent by the page itself."""
    return isinstance(field.widget, django_forms.Select) or field.widget.is_hidden


@pytest.mark.parametrize("form", sorted(FORMS, key=lambda form: form.__name__), ids=lambda form: form.__name__)
def test_a_field_that_was_left_empty_says_what_to_fill_in(form):
    silent = [
        name
        for name, field in form.base_fields.items()
        if field.required and not has_an_answer(field) and field.error_messages["required"] == PLAIN
    ]

    assert silent == []


@pytest.mark.parametrize("field", [DayField, numbers.LastDayField, account_acts.LastDayField])
@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [
        ("0026-10-01", False),
        ("1899-12-31", False),
        ("1900-01-01", True),
        ("2198-12-31", True),
        ("2199-01-01", False),
        ("9999-12-31", False),
    ],
)
def test_a_day_is_of_a_year_that_months_are_counted_in(field, typed, is_taken):
    with nullcontext() if is_taken else pytest.raises(django_forms.ValidationError, match="Укажите день"):
        assert field().clean(typed) is not None
