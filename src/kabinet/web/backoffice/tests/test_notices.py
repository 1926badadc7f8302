"""Notices in the office: written, looked at again, sent."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.common.testing import NOW
from kabinet.notices.models import Notice
from kabinet.notices.tests.factories import make_notice
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("office:notices"), reverse("office:notice_add")


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def supplier():
    return make_supplier()


@pytest.fixture
def manager(client, supplier):
    member = make_member("manager", supplier)
    client.force_login(member)
    return member


def address(notice, name="notice"):
    return reverse(f"office:{name}", args=[notice.supplier_id, notice.id])


def typed(supplier, **values):
    filled_in = {
        "supplier_id": supplier.id,
        "subject": "Перерыв в подаче газа",
        "text": "25 ноября с 10 до 16 часов газа не будет.",
        "has_letter": "on",
        "request_id": str(uuid4()),
    }
    return filled_in | values


def test_it_is_written_seen_again_and_sent(client, supplier, manager, mailoutbox):
    account = make_account(supplier, number="702062012")
    make_access(make_user("anna@example.ru"), account)
    make_account(supplier)

    answer = client.post(
        ADD, typed(supplier, has_banner="on", shown_from="2026-11-22", last_day="2026-11-25"), follow=True
    )
    notice = Notice.objects.get()
    words = text_of(answer)
    assert "Лицевых счетов 2" in words
    assert "Отправить 1 человеку" in words
    assert "с 22.11.2026 по 25.11.2026" in words

    client.post(
        address(notice, "notice_send"), {"seen_written_at": notice.written_at.isoformat(), "seen_accounts": "2"}
    )
    run_jobs()
    notice.refresh_from_db()
    assert (notice.state, notice.letters_count) == ("sent", 1)
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == (["anna@example.ru"], "Перерыв в подаче газа")
    assert "25 ноября с 10 до 16 часов газа не будет." in letter.body
    assert "702062012" in letter.body
    assert "Убрать из кабинета" in text_of(client.get(address(notice)))


def test_its_reader_sees_it_in_the_cabinet_and_may_refuse_letters(client, supplier):
    account, user = make_account(supplier), make_user()
    make_access(user, account)
    make_notice(
        supplier,
        state="sent",
        has_banner=True,
        shown_from="2026-11-22",
        shown_until="2026-11-25",
        text="<b>Газа</b> не будет.",
    )
    client.force_login(user)

    page = client.get(reverse("cabinet:account", args=[account.supplier_id, account.id])).content.decode()
    assert "Перерыв в подаче газа" in page
    assert "&lt;b&gt;Газа&lt;/b&gt; не будет." in page

    letters = reverse("cabinet:settings_letters")
    assert "Получать письма" in text_of(client.post(letters, {"wanted": "no"}, follow=True))
    assert "Не получать письма" in text_of(client.post(letters, {"wanted": "yes"}, follow=True))


def test_an_audience_narrows_it_and_is_said(client, supplier, manager):
    make_account(supplier, locality="г. Тосно")
    make_account(supplier, locality="г. Любань")

    answer = client.post(ADD, typed(supplier, locality="тосно", owes_from_rub="0"), follow=True)

    words = text_of(answer)
    assert "Лицевых счетов 1" in words
    assert "Населённый пункт тосно" in words
    assert Notice.objects.get().audience["locality"] == "тосно"


def test_what_is_missing_is_said_beside_its_field(client, supplier, manager):
    empty = client.post(ADD, typed(supplier, subject="", text=" "))
    no_way = client.post(ADD, {key: value for key, value in typed(supplier).items() if key != "has_letter"})
    no_days = client.post(ADD, typed(supplier, has_banner="on"))

    assert [answer.status_code for answer in (empty, no_way, no_days)] == [422, 422, 422]
    assert set(empty.context["form"].errors) == {"subject", "text"}
    assert set(no_way.context["form"].errors) == {"has_letter"}
    assert set(no_days.context["form"].errors) == {"last_day"}
    assert not Notice.objects.exists()


def test_a_strangers_supplier_is_no_choice(client, supplier, manager):
    assert client.post(ADD, typed(make_supplier())).status_code == 422


def test_a_draft_is_changed_tried_and_deleted(client, supplier, manager, mailoutbox):
    make_account(supplier)
    notice = make_notice(supplier)

    assert "25 ноября с 10 до 16" in client.get(address(notice, "notice_change")).content.decode()
    client.post(address(notice, "notice_change"), typed(supplier, subject="Газа не будет"))
    client.post(address(notice, "notice_try"))
    run_jobs()
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [([manager.email], "Газа не будет")]

    client.post(address(notice, "notice_delete"))
    assert not Notice.objects.exists()


def test_what_was_sent_is_not_opened_for_writing(client, supplier, manager):
    notice = make_notice(supplier, state="sent")

    assert client.get(address(notice, "notice_change")).headers["location"] == address(notice)
    client.post(address(notice, "notice_delete"))
    assert Notice.objects.exists()


def test_the_page_carries_what_it_shows_and_a_press_on_an_old_one_shows_the_new_draft(client, supplier, manager):
    make_account(supplier)
    notice = make_notice(supplier)
    page = client.get(address(notice)).content.decode()
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', page))
    Notice.objects.filter(id=notice.id).update(text="Газа не будет неделю.", written_at=NOW + dt.timedelta(minutes=1))

    late = client.post(address(notice, "notice_send"), seen)
    again = client.post(
        address(notice, "notice_send"), dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', late.content.decode()))
    )

    assert late.status_code == 422
    assert "Пока Вы проверяли, черновик изменили." in text_of(late)
    assert "Газа не будет неделю." in text_of(late)
    assert again.status_code == 302


def test_nobody_to_tell_is_said_where_it_was_pressed(client, supplier, manager):
    notice = make_notice(supplier)

    answer = client.post(
        address(notice, "notice_send"), {"seen_written_at": notice.written_at.isoformat(), "seen_accounts": "0"}
    )

    assert answer.status_code == 422
    assert "По этим условиям нет ни одного открытого счёта." in text_of(answer)


def test_it_is_stopped(client, supplier, manager):
    notice = make_notice(supplier, state="sending")

    client.post(address(notice, "notice_stop"))

    notice.refresh_from_db()
    assert notice.state == "stopped"


def test_the_list_is_narrowed_by_state(client, supplier, manager):
    make_notice(supplier, subject="Черновик о газе")

    assert "Черновик о газе" in text_of(client.get(LIST))
    assert "Черновик о газе" not in text_of(client.get(LIST, {"state": "sent"}))
