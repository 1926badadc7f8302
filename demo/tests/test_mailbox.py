"""The mailbox of the demonstration: the folder, the list, a letter, its files."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from demo import mailbox
from kabinet.web.cabinet.tests.screens import text_of


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "mailbox"


def send(subject="Оплата получена", text="Здравствуйте!", attachments=()):
    letter = EmailMultiAlternatives(subject, text, "Кабинет <support@example.test>", ["ivan@example.test"])
    letter.attach_alternative(f"<script>alert(1)</script>{text}", "text/html")
    for attachment in attachments:
        letter.attach(*attachment)
    get_connection("demo.mailbox.MailboxBackend").send_messages([letter])


def only_letter():
    [row] = mailbox.letters()
    return row


def test_an_empty_mailbox_says_what_makes_a_letter(client, folder):
    assert "Писем пока нет" in text_of(client.get(reverse("demo:mailbox")))


def test_a_letter_is_a_whole_file_and_stands_in_the_list(client, folder):
    send("Оплата получена")

    [file] = folder.iterdir()
    assert file.suffix == ".eml"
    assert b"To: ivan@example.test" in file.read_bytes()
    words = text_of(client.get(reverse("demo:mailbox")))
    assert "Оплата получена" in words
    assert "ivan@example.test" in words


def test_newer_letters_stand_first(folder):
    send("Первое")
    send("Второе")

    assert [row.subject for row in mailbox.letters()] == ["Второе", "Первое"]


def test_links_in_a_letter_can_be_followed(client, folder):
    send(text="Подтвердите:\nhttp://127.0.0.1:8000/confirm/abc/\n")

    page = client.get(reverse("demo:letter", args=[only_letter().name])).content.decode()

    assert 'href="http://127.0.0.1:8000/confirm/abc/"' in page


def test_the_html_of_a_letter_is_never_shown(client, folder):
    send(text="<img src=x onerror=alert(1)>")

    page = client.get(reverse("demo:letter", args=[only_letter().name])).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_file_is_handed_over_and_never_opened_in_place(client, folder):
    send(attachments=[("Подтверждение оплаты.pdf", b"%PDF-1.7", "application/pdf")])
    letter = mailbox.letter(only_letter().name)

    response = client.get(reverse("demo:letter_file", args=[letter.name, 0]))

    assert [file.filename for file in letter.attachments] == ["Подтверждение оплаты.pdf"]
    assert response.content == b"%PDF-1.7"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_text_is_handed_over_too(client, folder):
    send(attachments=[("список.csv", "а;б", "text/csv")])

    response = client.get(reverse("demo:letter_file", args=[only_letter().name, 0]))

    assert response.content.decode() == "а;б"


@pytest.mark.parametrize("path", ["1795373725587415625-0071710f/", "1795373725587415625-0071710f/0/", "..%2Fpepper/"])
def test_a_letter_that_is_not_there_is_not_found(client, folder, path):
    assert client.get(f"/demo/mailbox/{path}").status_code == 404


def test_a_letter_has_only_the_files_that_it_has(client, folder):
    send()

    assert client.get(reverse("demo:letter_file", args=[only_letter().name, 0])).status_code == 404
