"""The frame of letters."""

import pytest
from django.core import mail

from kabinet.common.testing import at
from kabinet.letters.operations import Attachment, as_html, local_time, public_url, send


def send_one(**changes):
    given = {
        "to": "ivanov@example.ru",
        "subject": "Пароль изменён",
        "template": "letters/password_changed",
        "context": {"reset_link": "http://127.0.0.1:8000/password/reset/"},
        "fact_id": "1",
    }
    send(**given | changes)
    return mail.outbox[-1]


def test_a_letter_is_text_and_the_same_as_html():
    letter = send_one()

    html = letter.alternatives[0].content
    assert "Пароль Вашего Личного кабинета изменён" in letter.body
    assert "Пароль Вашего Личного кабинета изменён" in html
    assert '<a href="http://127.0.0.1:8000/password/reset/">' in html


def test_every_letter_says_where_support_is(settings):
    settings.SUPPORT_EMAIL = "help@example.ru"

    letter = send_one()

    assert "help@example.ru" in letter.body
    assert "help@example.ru" in letter.alternatives[0].content


def test_the_same_fact_makes_the_same_message_id_and_another_fact_another():
    first, again, another = send_one(), send_one(), send_one(fact_id="2")

    assert first.extra_headers["Message-ID"] == again.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"] != another.extra_headers["Message-ID"]


def test_a_subject_has_no_line_breaks():
    assert send_one(subject="Один\r\nBcc: two@example.ru").subject == "Один Bcc: two@example.ru"


def test_names_in_a_letter_are_text():
    letter = send_one(template="letters/second_factor_changed", context={"change": "<b>&{{ x }}", "reset_link": "x"})

    assert "<b>&{{ x }}" in letter.body
    assert "&lt;b&gt;&amp;{{ x }}" in letter.alternatives[0].content
    assert "<b>" not in letter.alternatives[0].content


def test_files_are_attached():
    letter = send_one(attachments=[Attachment("proof.pdf", b"%PDF", "application/pdf")])

    assert letter.attachments == [("proof.pdf", b"%PDF", "application/pdf")]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Первый.\n\nВторой.", "<p>Первый.</p><p>Второй.</p>"),
        ("Строка\nи другая", "<p>Строка<br>и другая</p>"),
        ("Открыть:\nhttps://a.ru/x", '<p><a class="button" href="https://a.ru/x">Открыть</a></p>'),
        ("См. https://a.ru/x.", '<p>См. <a href="https://a.ru/x">https://a.ru/x</a>.</p>'),
        ("<script>", "<p>&lt;script&gt;</p>"),
        ('https://a.ru/"onclick', '<p><a href="https://a.ru/">https://a.ru/</a>&quot;onclick</p>'),
    ],
)
def test_text_becomes_simple_html(text, html):
    assert as_html(text) == html


def test_links_start_at_the_public_address_whatever_a_request_said(settings):
    settings.PUBLIC_URL = "https://kabinet.example.ru"

    assert public_url("cabinet:sign_in") == "https://kabinet.example.ru/login/"


def test_a_moment_is_said_where_the_installation_is():
    assert local_time(at("2026-11-22 12:00")) == "22.11.2026 12:00 (MSK)"
