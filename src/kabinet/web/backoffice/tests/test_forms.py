"""What all forms of the office have in common."""

import importlib
import pkgutil

import pytest
from django import forms as django_forms

from kabinet.web.backoffice import forms

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
