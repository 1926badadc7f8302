"""What staff read while the work on a register waits for another try."""

import pytest
from django.db import connection
from django.urls import reverse

from kabinet.registers.models import Register
from kabinet.registers.tests.incoming import Desk, profile_for
from kabinet.registers.usecases.read_register import read_register
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db(transaction=True)

FIELDS = ("number", "surname")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def read(client, settings, tmp_path):
    """Give what reads the page of a register that the worker has not come to yet."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    desk = Desk()
    register = desk.upload("accounts", "number;surname\n702062012;Сидоров\n")
    profile = profile_for("accounts", FIELDS)
    read_register(
        **desk.key(register), profile=profile, profile_name=profile.name, actor=desk.first, now=register.uploaded_at
    )
    client.force_login(make_member("accountant", desk.supplier))
    return lambda: text_of(client.get(reverse("office:register", args=[desk.supplier.pk, register.pk])))


def leave_a_try_behind(*, step):
    """Leave the job as the worker does when the database had no room: it waits, and the row still names the step."""
    Register.objects.update(step=step, lines_done=1, lines_count=2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 1 WHERE task_name = 'registers.check_register'")


def test_a_register_that_nobody_has_tried_waits_its_turn(read):
    assert "Ждём очереди…" in read()


def test_between_two_tries_the_page_says_what_has_happened_and_what_to_do(read):
    leave_a_try_behind(step=Register.Step.LINES)

    page = read()

    assert "Прервались, скоро начнём заново…" in page
    assert "Ничего не изменено." in page
    assert "Если через полчаса не пойдёт дальше, напишите оператору." in page
    assert "Готово строк" not in page


def test_the_next_try_is_shown_as_work(read):
    leave_a_try_behind(step=Register.Step.LINES)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE attempts = 1")

    page = read()

    assert "Читаем строки… 50 %" in page
    assert "Прервались" not in page
