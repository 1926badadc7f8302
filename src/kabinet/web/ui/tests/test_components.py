"""Components keep the promises of their comments."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django_cotton.compiler_regex import CottonCompiler

from kabinet.config import urls
from kabinet.web.ui import views

FOLDER = Path(__file__).parent.parent / "templates/ui"
STYLES = Path(__file__).parent.parent / "static/ui"
COMPONENTS = sorted(path for path in FOLDER.glob("*.html") if path.stem not in {"page", "apology"})
READ_FROM_CONTEXT = {"brand", "messages", "switches"}
DRAWN_BY_OTHERS = {"form_errors": "<c-form ", "hint": ' hint="', "icon": "<c-icon "}


def draw(source, **values):
    """Draw a template as the cotton loader would."""
    compiled = CottonCompiler().process("{% load ui %}" + source)
    return Template(compiled).render(Context(values))


class SubmitForm(forms.Form):
    value = forms.DecimalField(label="Показание", help_text="Предыдущее: 100")
    consent = forms.BooleanField(label="Согласен")


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_lists_its_variables_and_names_all_of_them(path):
    text = path.read_text()

    comment = re.match(r"{% comment %}\n(.*?){% endcomment %}", text, re.DOTALL)
    assert comment, "it starts with a comment"
    declared = re.search(r"<c-vars (.*?)/>", text, re.DOTALL)
    for name in re.findall(r'([\w-]+)="', declared[1] if declared else ""):
        assert re.search(rf"\b{name}\b", comment[1]), f"{name} is not explained"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_stands_in_the_gallery_and_in_the_list(path):
    gallery = (FOLDER / "gallery/index.html").read_text() + (FOLDER / "page.html").read_text()
    docs = (Path(__file__).parents[5] / "docs/look.md").read_text()
    tag = f"<c-{path.stem.replace('_', '-')}"
    shown = f"ui/{path.name}" if path.stem in READ_FROM_CONTEXT else DRAWN_BY_OTHERS.get(path.stem, tag)

    assert shown in gallery
    assert (f"ui/{path.name}" if path.stem in READ_FROM_CONTEXT else tag) in docs


def test_no_template_of_ours_holds_a_style_or_a_script():
    for path in FOLDER.parent.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", text), path
        assert not re.search(r"<script(?![^>]*src=)", text), path


def test_no_sheet_but_the_tokens_holds_a_colour_or_an_id():
    for path in STYLES.glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-f]{3,8}\b|oklch\(|rgb\(", rules), path.name
        assert not re.search(r"^\s*#[\w-]+", rules, re.MULTILINE), path.name


def test_what_a_person_typed_is_text_in_a_component():
    html = draw('<c-card title="{{ alias }}">{{ alias }}</c-card>', alias='"><script>alert(1)</script>')

    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 3


def test_a_button_passes_on_what_it_does_not_know_and_escapes_it():
    html = draw('<c-button data-id="{{ value }}">Да</c-button>', value='1" onclick="x')

    assert 'data-id="1&quot; onclick=&quot;x"' in html


def test_a_component_does_not_see_the_variables_of_the_page():
    assert "чужое" not in draw("<c-card>слот</c-card>", title="чужое", text="чужое")


def test_a_wrong_field_says_so_beside_itself_and_to_screen_readers():
    form = SubmitForm({"value": "много"})

    html = draw('<c-field :field="form.value" />', form=form)

    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_value_helptext id_value_error"' in html
    assert 'id="id_value_helptext"' in html
    assert re.search(r'id="id_value_error">.*Введите число\.', html, re.DOTALL)
    assert 'value="много"' in html


def test_a_field_group_of_django_is_the_field_component():
    form = SubmitForm()

    assert isinstance(form["value"].as_field_group(), SafeString)
    assert 'class="field-label"' in form["value"].as_field_group()


def test_a_form_says_above_its_fields_which_are_wrong():
    html = draw('<c-form :form="form" submit="Отправить"></c-form>', form=SubmitForm({}))

    assert 'role="alert"' in html
    assert '<a href="#id_value">Показание</a>, <a href="#id_consent">Согласен</a>' in html


def test_a_form_with_nothing_wrong_has_no_alert():
    assert "alert" not in draw('<c-form :form="form" submit="Отправить"></c-form>', form=SubmitForm())


def test_a_hint_has_an_id_of_its_own_each_time():
    html = draw("<c-hint>а</c-hint><c-hint>а</c-hint>")

    first, second = re.findall(r'id="(hint-\w+)"', html)
    assert first != second
    assert f'popovertarget="{first}" interestfor="{first}"' in html


def test_a_sum_is_big_roubles_and_small_kopecks():
    html = draw('<c-sum :amount="due" />', due=Decimal("1284.56"))

    assert '1\u202f284<span class="sum-minor">,56&nbsp;₽</span>' in html


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_an_error_page_needs_no_database_and_names_the_support(status, settings):
    settings.SUPPORT_EMAIL = "help@example.org"
    draw_page = {
        400: views.bad_request,
        403: views.forbidden,
        404: views.not_found,
        429: views.too_many,
        500: views.failed,
        503: views.unavailable,
    }[status]

    answer = draw_page(RequestFactory().get("/"))

    assert answer.status_code == status
    assert "help@example.org" in answer.content.decode()
    assert settings.BRAND in answer.content.decode()


def test_too_many_tells_how_long_to_wait():
    answer = views.too_many(RequestFactory().get("/"), retry_after_s=121)

    assert answer["Retry-After"] == "121"
    assert "Подождите 3 мин." in answer.content.decode()


def test_a_stale_form_is_told_apart_from_a_missing_right():
    assert "Страница устарела" in views.csrf_failure(RequestFactory().post("/")).content.decode()


def test_a_limit_of_allauths_own_is_told_of_by_our_page():
    """allauth looks for this name in the root of the addresses, and draws a bare page without it."""
    assert import_string(urls.handler429) is views.too_many


def test_a_table_whose_rows_become_cards_says_what_each_tag_is():
    table = draw(
        '<c-table caption="Месяцы"><thead><tr><th scope="col">Месяц</th></tr></thead>'
        '<tbody><tr class="odd"><th scope="row">май</th><td data-label="a > b">{{ sum }}</td></tr></tbody></c-table>',
        sum="<td>",
    )

    assert '<table role="table"' in table
    assert '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">' in table
    assert '<tbody role="rowgroup"><tr role="row" class="odd"><th role="rowheader" scope="row">' in table
    assert '<td role="cell" data-label="a > b">&lt;td&gt;</td>' in table


def test_a_table_that_stays_one_needs_no_roles():
    assert "role=" not in draw('<c-table plain="true"><tr><td>1</td></tr></c-table>')
