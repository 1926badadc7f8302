"""Registers out in the office: what waits, the next one made, its way and its file, and how each kind leaves."""

import datetime as dt
import hashlib
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.common.testing import NOW
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.outbox.testing import run_jobs
from kabinet.payments.tests.factories import make_paid_payment
from kabinet.people.tests.factories import make_user
from kabinet.registers.models import Dispatch, OutgoingRegister, SentDocument
from kabinet.registers.usecases.make_register import make_register
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db(transaction=True)

BY_SFTP = {"way": "sftp", "host": "127.0.0.1", "port": "9", "user_name": "kabinet", "password": "seven-locks"}
SERVER_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE5wO0pcVq9aQ7sZ1j1m0a3o2d1Yw8mWcQv0n3c7p9xK"


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def supplier():
    return make_supplier(billing="external")


@pytest.fixture
def account(supplier):
    return make_account(supplier, number="702062012")


@pytest.fixture
def accountant(client, supplier):
    member = make_member("accountant", supplier)
    client.force_login(member)
    return member


@pytest.fixture
def reading(account):
    return make_reading(make_meter(account), "1250", on="2026-11-20")


@pytest.fixture
def register(supplier, reading):
    """A register of one reading, that waits to be fetched."""
    return make_register(supplier_id=supplier.id, kind="readings", actor=None, now=NOW)


def address(name, register):
    return reverse(f"office:{name}", args=[register.supplier_id, register.id])


def of_kind(name, supplier, kind="readings"):
    return reverse(f"office:{name}", args=[supplier.id, kind])


def filled(**values):
    """What the form of a dispatch sends when nothing in it is touched, and what was typed."""
    return {
        "container": "csv",
        "encoding": "utf-8-sig",
        "rhythm": "by_hand",
        "weekday": "0",
        "month_day": "1",
        "hour": "1",
        "way": "download",
        "port": "22",
        **values,
    }


class TestWhatWaits:
    def test_each_kind_says_how_much_waits_and_how_it_leaves(self, client, accountant, supplier, reading):
        page = client.get(reverse("office:outgoing"))

        words = text_of(page)
        assert [box.dispatch.kind for box in page.context["boxes"]] == [
            "payments",
            "readings",
            "attachments",
            "contacts",
        ]
        assert "1 показание ждёт отправки" in words
        assert "Всё передано" in words
        assert "только по кнопке" in words

    def test_a_supplier_billed_here_has_no_box_of_payments(self, client):
        supplier = make_supplier(billing="kabinet")
        client.force_login(make_member("accountant", supplier))

        boxes = client.get(reverse("office:outgoing")).context["boxes"]

        assert [box.dispatch.kind for box in boxes] == ["readings", "attachments", "contacts"]

    def test_the_button_has_the_next_register_made_and_the_page_says_that_it_is(
        self, client, accountant, supplier, reading
    ):
        answer = client.post(of_kind("outgoing_make", supplier), follow=True)
        assert "Составляем файл…" in text_of(answer)
        assert of_kind("outgoing_make", supplier) not in answer.content.decode()
        assert not OutgoingRegister.objects.exists()

        run_jobs(only="registers.")

        register = OutgoingRegister.objects.get()
        page = client.get(reverse("office:outgoing"))
        assert (register.number, register.lines_count, register.made_by) == (1, 1, accountant)
        assert "Составляем файл…" not in text_of(page)
        assert address("outgoing_register", register) in page.content.decode()

    def test_a_box_that_asks_again_is_answered_alone(self, client, accountant, supplier, reading):
        client.post(of_kind("outgoing_make", supplier))
        box_id = f"outgoing-{supplier.id}-readings"
        asks_for = re.search(r'hx-target="#([^"]+)"', client.get(reverse("office:outgoing")).content.decode())

        again = client.get(reverse("office:outgoing"), headers={"HX-Request": "true", "HX-Target": box_id})

        assert asks_for
        assert asks_for[1] == box_id
        assert [box.html_id for box in again.context["boxes"]] == [box_id]
        assert f'id="{box_id}"' in again.content.decode()

    def test_pressed_twice_it_makes_one_register(self, client, accountant, supplier, reading):
        client.post(of_kind("outgoing_make", supplier))
        client.post(of_kind("outgoing_make", supplier))

        run_jobs(only="registers.")

        assert OutgoingRegister.objects.count() == 1

    def test_why_it_could_not_be_made_stands_in_its_box(self, client, accountant, supplier, gateway, account):
        make_paid_payment(gateway, "1000.00", account=account)
        client.post(of_kind("dispatch", supplier, "payments"), filled(container="one_c"))

        client.post(of_kind("outgoing_make", supplier, "payments"))
        run_jobs(only="registers.")

        words = text_of(client.get(reverse("office:outgoing")))
        assert "Составить не получилось. В файле 1С нужен расчётный счёт поставщика" in words
        assert not OutgoingRegister.objects.exists()

    def test_where_all_has_left_nothing_is_made(self, client, accountant, supplier, register):
        answer = client.post(of_kind("outgoing_make", supplier), follow=True)

        assert "Передавать нечего: всё уже ушло раньше." in text_of(answer)
        assert OutgoingRegister.objects.count() == 1

    def test_contacts_do_not_leave_without_a_document_for_it(self, client, accountant, supplier, account):
        make_access(make_user(), account)

        page = client.get(reverse("office:outgoing"))
        forced = client.post(of_kind("outgoing_make", supplier, "contacts"))

        assert of_kind("outgoing_make", supplier, "contacts") not in page.content.decode()
        assert forced.status_code == 422
        assert "только по документу" in text_of(forced)

    def test_payments_of_a_supplier_billed_here_are_no_kind_of_it(self, client):
        supplier = make_supplier(billing="kabinet")
        client.force_login(make_member("accountant", supplier))

        assert client.post(of_kind("outgoing_make", supplier, "payments")).status_code == 404
        assert client.post(of_kind("outgoing_make", supplier, "no-such-kind")).status_code == 404


class TestTheList:
    def test_it_is_narrowed_by_kind_state_and_days(self, client, accountant, register):
        def found(**query):
            return [row.register.id for row in client.get(reverse("office:outgoing"), query).context["list"].rows]

        assert found() == [register.id]
        assert found(kind="readings", state="kept") == [register.id]
        assert found(kind="payments") == []
        assert found(state="acknowledged") == []
        assert found(state="unacknowledged") == [register.id]
        assert found(made_from="2026-11-22", made_until="2026-11-22") == [register.id]
        assert found(made_from="2026-11-23") == []
        assert found(made_until="2026-11-21") == []

    def test_it_is_taken_away_as_a_file(self, client, accountant, register):
        file = client.get(reverse("office:outgoing"), {"download": "csv"})

        written = b"".join(file.streaming_content).decode("utf-8-sig")
        assert register.sha256 in written
        assert Entry.objects.get(action="list.exported").subject == "list:registers_out"

    def test_registers_of_another_supplier_are_not_in_it(self, client, register):
        client.force_login(make_member("accountant", make_supplier(billing="external")))

        assert client.get(reverse("office:outgoing")).context["list"].rows == []


class TestARegister:
    def test_its_page_says_what_is_in_it_and_where_it_is(self, client, accountant, register):
        words = text_of(client.get(address("outgoing_register", register)))

        assert "Реестр поставщику № 1" in words
        assert "1 строка" in words
        assert register.sha256 in words
        assert "Файл ждёт, чтобы его скачали." in words
        assert "702062012" in words

    def test_the_file_is_given_byte_by_byte_and_who_took_it_is_noted(self, client, accountant, register):
        answer = client.get(address("outgoing_file", register))

        content = b"".join(answer.streaming_content)
        assert hashlib.sha256(content).hexdigest() == register.sha256
        assert register.file_name in answer.headers["content-disposition"]
        assert Entry.objects.get(action="outgoing_register.downloaded").actor_id == accountant.id

    def test_once_fetched_it_waits_for_the_word_of_the_supplier(self, client, accountant, register):
        b"".join(client.get(address("outgoing_file", register)).streaming_content)

        assert "Ждём, что скажет поставщик." in text_of(client.get(address("outgoing_register", register)))

    def test_the_word_of_the_supplier_is_written_down(self, client, accountant, register):
        client.post(address("outgoing_acknowledge", register))

        register.refresh_from_db()
        page = client.get(address("outgoing_register", register))
        assert register.acknowledged_by == accountant
        assert "Подтверждён поставщиком" in text_of(page)
        assert address("outgoing_acknowledge", register) not in page.content.decode()

    def test_what_is_fetched_here_cannot_be_delivered_again(self, client, accountant, register):
        answer = client.post(address("outgoing_resend", register))

        assert answer.status_code == 422
        assert "Реестры этого вида скачивают здесь." in text_of(answer)

    def test_a_letter_is_sent_again_with_the_same_file(self, client, accountant, supplier, reading):
        client.post(of_kind("dispatch", supplier), filled(way="email", email="billing@example.ru"))
        client.post(of_kind("outgoing_make", supplier))
        run_jobs()
        register = OutgoingRegister.objects.get()

        client.post(address("outgoing_resend", register))
        run_jobs()

        sent = [letter.attachments[0] for letter in mail.outbox if letter.to == ["billing@example.ru"]]
        assert len(sent) == 2
        assert {hashlib.sha256(_bytes_of(attachment)).hexdigest() for attachment in sent} == {register.sha256}

    def test_a_failed_delivery_says_why_and_what_to_do(self, client, accountant, register):
        OutgoingRegister.objects.update(way="sftp", state="failed", problem="Сервер не принял пароль.")

        words = text_of(client.get(address("outgoing_register", register)))
        home = text_of(client.get(reverse("office:home")))

        assert "Файл не доставлен. Сервер не принял пароль." in words
        assert "Передать ещё раз" in words
        assert "Реестры не доставлены: 1" in home

    def test_a_delivery_that_is_tried_again_says_when(self, client, accountant, register):
        OutgoingRegister.objects.update(
            way="sftp", state="waiting", problem="Сервер не отвечает.", next_try_at=NOW + dt.timedelta(minutes=10)
        )

        words = text_of(client.get(address("outgoing_register", register)))

        assert "Пока не получилось. Сервер не отвечает." in words
        assert "Попробуем снова" in words

    def test_one_without_an_answer_for_days_waits_on_the_start_page(self, client, accountant, register):
        OutgoingRegister.objects.update(day=dt.date(2026, 11, 20))
        early = text_of(client.get(reverse("office:home")))
        OutgoingRegister.objects.update(day=dt.date(2026, 11, 19))

        assert "Реестры без подтверждения" not in early
        assert "Реестры без подтверждения: 1" in text_of(client.get(reverse("office:home")))


class TestPayments:
    @pytest.fixture
    def payment(self, gateway, account):
        return make_paid_payment(gateway, "1000.00", account=account)

    @pytest.fixture
    def register(self, supplier, payment):
        return make_register(supplier_id=supplier.id, kind="payments", actor=None, now=NOW)

    def test_the_page_says_the_sum_and_how_many_are_booked(self, client, accountant, register):
        words = text_of(client.get(address("outgoing_register", register)))

        assert "1 000,00 ₽" in words
        assert "Учтено поставщиком 0 из 1 оплат и возвратов" in words

    def test_what_the_supplier_refuses_is_shown_with_why_and_leaves_again(self, client, accountant, register, payment):
        content = (
            "Наш номер платежа;Лицевой счёт;Сумма;Почему не принято\r\n"
            f"{payment.public_id};702062012;1000,00;счёт закрыт\r\n"
        )
        file = SimpleUploadedFile("answer.csv", content.encode("utf-8-sig"))

        answered = text_of(client.post(address("outgoing_book", register), {"file": file}))
        again = client.post(address("outgoing_resend_lines", register))
        nothing = client.post(address("outgoing_resend_lines", register))

        assert "Поставщик не принял: 1" in answered
        assert "счёт закрыт" in answered
        assert again.status_code == 302
        assert (nothing.status_code, "нет строк, от которых поставщик отказался" in text_of(nothing)) == (422, True)
        assert SentDocument.objects.get(source_kind="payment").released_at

    def test_acknowledged_they_are_booked_and_the_path_of_a_payment_says_so(
        self, client, accountant, register, payment
    ):
        client.post(address("outgoing_acknowledge", register))

        payment.refresh_from_db()
        path = text_of(client.get(reverse("office:payment", args=[payment.public_id])))
        assert payment.booked_at
        assert "Передан поставщику" in path
        assert "Учтён поставщиком" in path

    def test_who_paid_sees_the_same_on_the_way_of_the_money(self, client, supplier, accountant, payment):
        def seen_by_payer():
            client.force_login(payment.basket.user)
            page = text_of(client.get(reverse("cabinet:payment", args=[payment.public_id])))
            client.force_login(accountant)
            return page

        paid = seen_by_payer()
        client.post(of_kind("outgoing_make", supplier, "payments"))
        run_jobs(only="registers.")
        made = seen_by_payer()
        b"".join(client.get(address("outgoing_file", OutgoingRegister.objects.get())).streaming_content)
        sent = seen_by_payer()
        client.post(address("outgoing_acknowledge", OutgoingRegister.objects.get()))
        booked = seen_by_payer()

        assert "он получит её с ближайшим реестром" in paid
        assert "он получит её с ближайшим реестром" in made  # it waits to be fetched
        assert "Оплата передана поставщику" in sent
        assert "Деньги зачислены на лицевой счёт 702 062 012." in booked

    def test_the_suppliers_own_file_books_what_is_in_it_and_refuses_what_is_not_ours(
        self, client, accountant, register, payment
    ):
        lines = [
            "Наш номер платежа;Лицевой счёт;Сумма",
            f"{payment.public_id};702062012;1000,00",
            "7f0f4f3e-0000-4000-8000-000000000000;702062012;5,00",
        ]
        file = SimpleUploadedFile("booked.csv", "\r\n".join(lines).encode("utf-8-sig"))

        answer = client.post(address("outgoing_book", register), {"file": file})

        payment.refresh_from_db()
        words = text_of(answer)
        assert payment.booked_at
        assert "Учтено: 1. Не принято строк: 1." in words
        assert "Строка 3" in words

    def test_a_file_that_is_no_such_file_is_refused_where_it_was_chosen(self, client, accountant, register):
        answers = [
            client.post(address("outgoing_book", register), {"file": SimpleUploadedFile("a.csv", content)})
            for content in (b"", b"\x00\xff\x00", "Имя;Сумма\r\nПётр;5\r\n".encode())
        ]
        nothing = client.post(address("outgoing_book", register))

        assert [answer.status_code for answer in (*answers, nothing)] == [422] * 4
        assert "Выберите файл." in text_of(nothing)


class TestDispatch:
    def test_what_is_typed_is_kept_and_shown(self, client, accountant, supplier):
        client.post(
            of_kind("dispatch", supplier),
            filled(rhythm="monthly", month_day="31", hour="18", container="xlsx", since="2026-11-01"),
        )

        dispatch = Dispatch.objects.get()
        words = text_of(client.get(reverse("office:outgoing")))
        assert (dispatch.container, dispatch.month_day, dispatch.hour, dispatch.since) == (
            "xlsx",
            31,
            18,
            dt.date(2026, 11, 1),
        )
        assert "раз в месяц, последнего числа, после 18:00" in words

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"rhythm": "monthly", "month_day": "32"}, "Число месяца бывает от 1 до 31."),
            ({"rhythm": "monthly", "month_day": "первое"}, "Введите число месяца цифрами, от 1 до 31."),
            ({"since": "вчера"}, "Укажите день, например 22.11.2026."),
            ({"way": "email", "email": ""}, "Введите адрес почты."),
            ({"way": "email", "email": "billing"}, "Проверьте адрес"),
            (BY_SFTP | {"host": ""}, "Введите имя или адрес сервера."),
            (BY_SFTP | {"host": "no such host"}, "Это не имя сервера и не его адрес."),
            (BY_SFTP | {"port": "70000"}, "Порт бывает от 1 до 65535."),
            (BY_SFTP | {"port": "двадцать два"}, "Порт — это число, обычно 22."),
            (BY_SFTP | {"user_name": ""}, "Введите имя, под которым кабинет входит на сервер."),
            (BY_SFTP | {"folder": "../etc"}, "Папку пишут через косую черту, без «..»"),
            (BY_SFTP | {"password": ""}, "Впишите пароль или закрытый ключ"),
            (BY_SFTP | {"private_key": "-----BEGIN"}, "Введите либо пароль, либо ключ: вход один."),
            (BY_SFTP | {"password": "", "private_key": "-----BEGIN OPENSSH PRIVATE KEY-----\nx"}, "не читается"),
        ],
    )
    def test_what_is_wrong_is_said_where_it_was_typed_and_nothing_is_kept(
        self, client, accountant, supplier, typed, says
    ):
        answer = client.post(of_kind("dispatch", supplier), filled(**typed))

        assert answer.status_code == 422
        assert says in text_of(answer)
        assert not Dispatch.objects.exists()

    def test_what_belongs_to_another_way_is_not_judged(self, client, accountant, supplier):
        answer = client.post(of_kind("dispatch", supplier), filled(port="no number", month_day="no day", email="?"))

        assert answer.status_code == 302
        assert (Dispatch.objects.get().port, Dispatch.objects.get().month_day) == (22, 1)

    def test_a_password_is_never_shown_again_and_stays_when_left_empty(self, client, accountant, supplier):
        wrong = client.post(of_kind("dispatch", supplier), filled(**BY_SFTP | {"host": ""}))
        client.post(of_kind("dispatch", supplier), filled(**BY_SFTP))
        page = client.get(of_kind("dispatch", supplier))
        client.post(of_kind("dispatch", supplier), filled(**BY_SFTP | {"password": "", "folder": "in"}))

        dispatch = Dispatch.objects.get()
        assert "seven-locks" not in wrong.content.decode()
        assert "seven-locks" not in page.content.decode()
        assert "Записан и больше не показывается." in text_of(page)
        assert (dispatch.secret, dispatch.folder) == ("seven-locks", "in")

    def test_payments_may_be_a_file_of_1c_and_readings_may_not(self, client, accountant, supplier):
        def shapes(kind):
            form = client.get(of_kind("dispatch", supplier, kind)).context["form"]
            return [code for code, _name in form.fields["container"].choices]

        assert shapes("payments") == ["csv", "xlsx", "one_c"]
        assert shapes("readings") == ["csv", "xlsx"]

    def test_contacts_ask_for_a_document_and_do_not_go_by_letter(self, client, accountant, supplier):
        form = client.get(of_kind("dispatch", supplier, "contacts")).context["form"]
        refused = client.post(of_kind("dispatch", supplier, "contacts"), filled(contacts_basis=""))
        client.post(of_kind("dispatch", supplier, "contacts"), filled(contacts_basis="Договор № 7 от 01.02.2026"))

        assert [code for code, _name in form.fields["way"].choices] == ["download", "sftp"]
        assert "Контакты абонентов уходят только по документу" in text_of(refused)
        assert Dispatch.objects.get().contacts_basis == "Договор № 7 от 01.02.2026"

    def test_a_silent_server_is_said_to_be_silent(self, client, accountant, supplier):
        client.post(of_kind("dispatch", supplier), filled(**BY_SFTP))

        page = text_of(client.get(of_kind("dispatch", supplier)))
        answer = client.post(of_kind("dispatch_check", supplier))

        assert "Сервер ещё не признан." in page
        assert answer.status_code == 422
        assert "Спросить сервер не получилось" in text_of(answer)

    def test_the_key_that_was_shown_is_the_one_that_is_trusted(self, client, accountant, supplier):
        client.post(of_kind("dispatch", supplier), filled(**BY_SFTP))
        Dispatch.objects.update(offered_host_key=SERVER_KEY)
        page = client.get(of_kind("dispatch", supplier))
        fingerprint = Dispatch.objects.get().offered_fingerprint

        another = client.post(of_kind("dispatch_trust", supplier), {"fingerprint": "SHA256:another"})
        client.post(of_kind("dispatch_trust", supplier), {"fingerprint": fingerprint})

        assert fingerprint in text_of(page)
        assert another.status_code == 422
        assert "Сервер показал уже другой ключ." in text_of(another)
        assert Dispatch.objects.get().host_key == SERVER_KEY
        assert "Сервер признан." in text_of(client.get(of_kind("dispatch", supplier)))


def test_others_find_no_register_and_no_button(client, register):
    client.force_login(make_member("accountant", make_supplier(billing="external")))

    assert client.get(address("outgoing_register", register)).status_code == 404
    assert client.get(address("outgoing_file", register)).status_code == 404
    assert client.post(address("outgoing_acknowledge", register)).status_code == 404
    register.refresh_from_db()
    assert register.acknowledged_at is None


@pytest.mark.parametrize("role", ["support", "manager"])
def test_other_roles_of_the_supplier_send_nothing(client, supplier, register, role):
    client.force_login(make_member(role, supplier))

    assert client.get(reverse("office:outgoing")).status_code == 403
    assert client.get(address("outgoing_file", register)).status_code == 403
    assert client.post(of_kind("outgoing_make", supplier)).status_code == 403


def _bytes_of(attachment):
    content = attachment[1] if isinstance(attachment, tuple) else attachment.content
    return content.encode() if isinstance(content, str) else content
