"""Managers see who works with them, invite, confirm and take roles away; a newcomer comes by the letter's link."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kabinet.letters.tasks.staff import send_staff_invitation, send_staff_role_given
from kabinet.people.models import Invitation, StaffRole, User
from kabinet.people.queries.links import link_token
from kabinet.people.rules.links import LinkKind
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import text_of

pytestmark = pytest.mark.django_db

STAFF, INVITE, ROLES = (reverse(f"office:{name}") for name in ("staff", "staff_invite", "roles"))
EMAIL, LONG = "novikova@example.ru", "correct horse battery"
FACT = "00000000-0000-4000-8000-000000000007"


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def link_of(invitation):
    return reverse("cabinet:invitation", args=[link_token(LinkKind.INVITATION, invitation.pk, invitation.version)])


def test_a_newcomer_comes_from_the_letter_to_the_second_factor(mailoutbox):
    supplier = make_supplier(name="Газ Севера")
    manager = make_member("manager", supplier, given_name="Лидия", surname="Громова")

    answer = signed_in(manager).post(INVITE, {"email": EMAIL, "role": "support"}, follow=True)
    invitation = Invitation.objects.get()
    send_staff_invitation(invitation_id=invitation.pk, version=1, fact_id=FACT)

    assert "Приглашение отправлено." in text_of(answer)
    [letter] = mailoutbox
    assert letter.to == [EMAIL]
    assert "Лидия Громова приглашает Вас" in letter.body
    assert "Роль — поддержка, место — Газ Севера" in letter.body
    link = re.search(r"http\S+(/invitation/\S+)", letter.body)[1]

    newcomer = Client()
    page = text_of(newcomer.get(link))
    assert "Поддержка" in page
    assert "Газ Севера" in page
    typed = {"surname": "Новикова", "given_name": "Ольга", "password": LONG, "password_again": LONG}
    refused = newcomer.post(link, typed | {"password": "parol5", "password_again": "parol5"})
    assert (refused.status_code, User.objects.filter(email=EMAIL).exists()) == (422, False)
    assert "не меньше 15" in text_of(refused)
    accepted = newcomer.post(link, typed)
    assert accepted.headers["location"] == reverse("cabinet:sign_in")
    assert newcomer.get(link).status_code == 410

    office = signed_in(User.objects.get(email=EMAIL)).get(reverse("office:home"))
    assert office.headers["location"] == reverse("cabinet:security")

    send_staff_role_given(invitation_id=invitation.pk, fact_id=FACT)
    assert (mailoutbox[1].to, "Ольга Новикова" in mailoutbox[1].body) == ([manager.email], True)


def test_a_letter_that_became_void_is_not_sent(mailoutbox):
    supplier = make_supplier()
    client = signed_in(make_member("manager", supplier))
    client.post(INVITE, {"email": EMAIL, "role": "support"})
    invitation = Invitation.objects.get()
    client.post(reverse("office:invitation_withdraw", args=[invitation.pk]))

    send_staff_invitation(invitation_id=invitation.pk, version=1, fact_id=FACT)

    assert mailoutbox == []
    assert "Попросите того, кто Вас пригласил" in text_of(Client().get(link_of(invitation)))


def test_an_accountant_waits_for_the_second_manager():
    supplier = make_supplier()
    first, second = (signed_in(make_member("manager", supplier)) for _ in range(2))

    said = text_of(first.post(INVITE, {"email": EMAIL, "role": "accountant"}, follow=True))
    assert "Письмо уйдёт, когда его подтвердит другой сотрудник" in said
    assert "Ждёт второго сотрудника" in said
    confirm = reverse("office:invitation_confirm", args=[Invitation.objects.get().pk])
    assert confirm not in first.get(STAFF).content.decode()
    refused = first.post(confirm)
    assert (refused.status_code, "Эту роль предложили Вы" in text_of(refused)) == (422, True)

    assert "приглашение отправлено" in text_of(second.post(confirm, follow=True))
    assert Invitation.objects.get().confirmed_by_id


def test_a_role_is_taken_on_a_page_that_says_whose():
    supplier = make_supplier()
    client = signed_in(make_member("manager", supplier))
    accountant = make_member("accountant", supplier, given_name="Вера", surname="Орлова")
    page = reverse("office:staff_take_role", args=[accountant.staff_roles.get().pk])

    assert "Вера Орлова" in text_of(client.get(page))
    assert "Роль снята" in text_of(client.post(page, {"submit": "1"}, follow=True))

    assert not StaffRole.objects.filter(user=accountant).exists()


def test_a_refusal_stands_where_it_was_typed():
    supplier = make_supplier()
    manager = make_member("manager", supplier)

    answer = signed_in(manager).post(INVITE, {"email": manager.email, "role": "support"})

    assert answer.status_code == 422
    assert "Свои роли не меняют" in text_of(answer)


def test_the_list_is_searched_sorted_and_taken_away():
    supplier = make_supplier()
    make_member("accountant", supplier, given_name="Вера", surname="Орлова")
    make_member("support", supplier, given_name="Роман", surname="Зайцев")
    client = signed_in(make_member("manager", supplier))

    assert "Вера Орлова" not in text_of(client.get(STAFF, {"text": "зайц"}))
    assert "Роман Зайцев" not in text_of(client.get(STAFF, {"role": "accountant"}))
    words = text_of(client.get(STAFF, {"sort": "-name"}))
    assert words.index("Вера Орлова") < words.index("Роман Зайцев")
    assert words.count("входа ещё не было") == 2
    file = b"".join(client.get(STAFF, {"download": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Вера Орлова" in file
    assert "Роман Зайцев" in file


def test_an_operator_chooses_the_place():
    supplier = make_supplier(name="Газ Севера")
    client = signed_in(make_member("operator"))

    assert "вся установка" in client.get(INVITE).content.decode()
    refused = client.post(INVITE, {"email": EMAIL, "role": "support", "place": ""})
    assert "назначаются на всю установку" in text_of(refused)
    client.post(INVITE, {"email": EMAIL, "role": "support", "place": str(supplier.id)})

    assert Invitation.objects.get().supplier_id == supplier.id


def test_the_table_of_roles_is_for_all_staff_and_has_each_role():
    words = text_of(signed_in(make_member("support", make_supplier())).get(ROLES))

    assert "Руководитель" in words
    assert "Подтверждать возвраты больше предела вдвоём" in words
    assert "Почта и телефон из кабинета" in words
