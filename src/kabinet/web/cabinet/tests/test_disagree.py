"""«Не согласен»: the form with what it is about, and the question that is open already."""

import pytest
from django.urls import reverse

from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.charges.tests.factories import make_charge
from kabinet.outbox.testing import run_jobs
from kabinet.people.tests.factories import make_user
from kabinet.support.models import Question
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_november():
    with shown_on("2026-11-22"):
        yield


@pytest.fixture
def account(client):
    user, account = make_user("anna@example.ru"), make_account(number="702062012")
    make_access(user, account)
    client.force_login(user)
    return account


@pytest.fixture
def charge(account):
    return make_charge(account, "122.50", kind="penalty", inputs={"days": [], "due": "122,50"}, rule_source="Правило 7")


def month_of(account):
    return reverse("cabinet:charges_month", args=[account.supplier_id, account.id, "2026-10"])


def disagreement(account, charge=None, month="2026-10"):
    name, more = ("charge_disagree", [charge.id]) if charge else ("charges_disagree", [])
    return reverse(f"cabinet:{name}", args=[account.supplier_id, account.id, month, *more])


def test_every_line_and_the_month_have_the_button(client, account, charge):
    page = client.get(month_of(account)).content.decode()

    assert disagreement(account, charge) in page
    assert disagreement(account) in page


def test_the_form_shows_what_will_be_attached(client, account, charge):
    page = text_of(client.get(disagreement(account, charge)))

    assert "Что будет приложено Строка начисления за октябрь 2026 122,50 ₽" in page
    assert "Правило 7" in page


def test_it_is_sent_with_the_line_shown_on_its_page_and_mailed_to_support(client, account, charge, mailoutbox):
    response = client.post(
        disagreement(account, charge),
        {"text": "Оплачено вовремя.", "request_id": "00000000-0000-4000-8000-000000000007"},
        follow=True,
    )
    run_jobs()

    question = Question.objects.get()
    page = text_of(response)
    assert response.redirect_chain == [(reverse("cabinet:question", args=[question.id]), 302)]
    assert "Приложено к обращению" in page
    assert "Строка начисления за октябрь 2026 122,50 ₽" in page
    assert question.subject.replace("\xa0", " ") == "Несогласие с начислением за октябрь 2026: Газ, 122,50 ₽"
    [letter] = mailoutbox
    assert "Несогласие с начислением за октябрь 2026. Вот что начислено:" in letter.body.replace("\xa0", " ")
    assert "* Газ, пени: 122,50 ₽" in letter.body.replace("\xa0", " ")
    assert "> Оплачено вовремя." in letter.body


def test_asked_again_it_leads_to_the_open_question(client, account, charge):
    form = {"text": "Оплачено вовремя.", "request_id": "00000000-0000-4000-8000-000000000007"}
    client.post(disagreement(account, charge), form)
    question = Question.objects.get()

    shown = client.get(disagreement(account, charge))
    sent = client.post(disagreement(account, charge), form | {"request_id": "00000000-0000-4000-8000-000000000008"})

    assert f"Обращение № {question.id} об этом уже открыто, с 22 ноября 2026." in text_of(shown)
    assert reverse("cabinet:question", args=[question.id]) in shown.content.decode()
    assert f"Обращение № {question.id} об этом уже открыто" in text_of(sent)
    assert Question.objects.count() == 1


def test_an_empty_form_says_what_to_write(client, account, charge):
    response = client.post(
        disagreement(account, charge), {"text": " ", "request_id": "00000000-0000-4000-8000-000000000007"}
    )

    assert response.context["form"].errors["text"] == ["Напишите, что именно неверно и как, по-вашему, должно быть."]
    assert not Question.objects.exists()


def test_what_is_not_there_or_not_ones_own_is_not_found(client, account, charge):
    foreign = make_charge(make_account(), "5")

    for address in (
        disagreement(account, foreign),
        disagreement(account, charge, month="2026-09"),
        disagreement(account, month="2026-09"),
        disagreement(account, month="october"),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": "Нет"}).status_code == 404
    client.force_login(make_user())
    assert client.get(disagreement(account, charge)).status_code == 404


def test_lite_access_is_told_how_to_gain_more(client, account, charge):
    lite = make_user()
    make_access(lite, account, "lite")
    client.force_login(lite)

    response = client.get(disagreement(account, charge))

    assert response.status_code == 403
    assert "122,50" not in text_of(response)
