"""Screens of accounts and settings: who may enter, exact labels, where a refusal stands, what stays typed."""

import pytest
from django.urls import reverse

from kabinet.accounts import queries
from kabinet.accounts.models import AccountAccess
from kabinet.accounts.operations import record_proof
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    person = make_user()
    client.force_login(person)
    return person


def page(client, name, *ids):
    return client.get(reverse(f"cabinet:{name}", args=ids))


def words(response):
    return response.content.decode()


def attach(client, supplier, number, **values):
    return client.post(reverse("cabinet:account_attach"), {"supplier": supplier.id, "number": number, **values})


def test_the_welcome_speaks_the_words_of_the_instruction(client, person):
    text = words(page(client, "welcome"))

    assert "Уважаемый абонент! Добро пожаловать в Личный кабинет поставщика услуг." in text
    assert (
        "Данный сервис предоставляет возможность работы с Вашими лицевыми счетами: просмотр информации по счетам "
        "и тарифам, передачу показаний оборудования, оплату лицевых счетов, и прочие услуги." in text
    )
    assert f'href="{reverse("cabinet:account_attach")}">Подключить ЛС</a>' in text


def test_the_list_of_suppliers_starts_unchosen_and_is_sorted_as_people_sort(client, person):
    for name in ("Яргаз", "Ёлкингаз", "Абрамгаз"):
        make_supplier(name=name)
    make_supplier(name="Скрытый", is_listed=False)

    response = page(client, "account_attach")

    assert [label for _id, label in response.context["form"].fields["supplier"].choices] == [
        "<не выбрана>",
        "Абрамгаз",
        "Ёлкингаз",
        "Яргаз",
    ]


def test_attaching_the_first_account_ends_in_congratulations(client, person):
    supplier = make_supplier()
    account = make_account(supplier, number="702062012")

    response = attach(client, supplier, "702062012")

    assert response.status_code == 302
    assert response.url == reverse("cabinet:account_attached", args=[supplier.id, account.id])
    assert "Поздравляем! Все шаги пройдены, Вы можете пользоваться Личным кабинетом клиента." in words(
        client.get(response.url)
    )


def test_the_second_account_is_only_told_of(client, person):
    make_access(person, make_account(), position=0)
    account = make_account()
    make_access(person, account, position=1)

    text = words(page(client, "account_attached", account.supplier_id, account.id))

    assert "Лицевой счёт подключён" in text
    assert "Поздравляем" not in text


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(client, person):
    response = attach(client, make_supplier(), "12")

    form = response.context["form"]
    assert form.errors["number"] == ["Длина этого номера — 2, а у поставщика в номере лицевого счёта 9 знаков."]
    assert 'value="12"' in words(response)
    assert not AccountAccess.objects.exists()


def test_an_empty_form_says_what_to_do_at_each_field(client, person):
    make_supplier()

    response = client.post(reverse("cabinet:account_attach"), {})

    assert response.context["form"].errors == {
        "supplier": ["Выберите поставщика из списка."],
        "number": ["Введите номер лицевого счёта с квитанции."],
    }


def test_a_choice_of_supplier_shows_what_it_asks_and_keeps_the_number(client, person):
    supplier = make_supplier(
        proof="surname", access_without_proof="none", number_hint="9 цифр в клетках", number_example="702062012"
    )

    response = attach(client, supplier, "7020", choose="1")

    text = words(response)
    assert "9 цифр в клетках" in text
    assert "Фамилия плательщика" in text
    assert 'value="7020"' in text
    assert not response.context["form"].errors


def test_a_supplier_without_a_proof_shows_no_field_for_it(client, person):
    response = attach(client, make_supplier(proof="none"), "", choose="1")

    assert "proof" not in response.context["form"].fields


@pytest.mark.parametrize("supplier_id", ["", "x", "0", "999999999999999999999"])
def test_a_supplier_that_is_not_on_the_list_is_no_error_of_ours(client, person, supplier_id):
    response = client.post(reverse("cabinet:account_attach"), {"supplier": supplier_id, "number": "702062012"})

    assert response.status_code == 200
    assert "supplier" in response.context["form"].errors


def test_the_drawing_shows_one_box_for_each_digit(client, person):
    response = page(client, "account_attach")

    assert [box.sign for box in response.context["notice"].boxes] == list("702062012")
    assert "этот номер и нужен" in words(response)


def test_settings_without_accounts_say_what_to_do(client, person):
    text = words(page(client, "settings"))

    assert "Подключение ЛС" in text
    assert "Лицевых счетов пока нет" in text


def test_settings_list_the_accounts_in_one_query_of_theirs(client, person, django_assert_max_num_queries):
    for position in range(5):
        make_access(person, make_account(), alias=f"Счёт {position}", position=position)

    with django_assert_max_num_queries(6):  # session, user, session's activity (2), accounts, letters
        text = words(page(client, "settings"))

    assert text.index("Счёт 0") < text.index("Счёт 4")


def test_an_account_moves_a_place_up(client, person):
    for position, alias in enumerate(("Квартира", "Дача")):
        make_access(person, make_account(), alias=alias, position=position)
    dacha = queries.accounts_of(person)[1]

    client.post(reverse("cabinet:accounts_order"), {"up": dacha.key})

    assert [account.alias for account in queries.accounts_of(person)] == ["Дача", "Квартира"]


def test_the_first_account_cannot_go_higher(client, person):
    for position, alias in enumerate(("Квартира", "Дача")):
        make_access(person, make_account(), alias=alias, position=position)
    flat = queries.accounts_of(person)[0]

    client.post(reverse("cabinet:accounts_order"), {"up": flat.key})

    assert [account.alias for account in queries.accounts_of(person)] == ["Квартира", "Дача"]


def test_one_account_has_no_order_to_choose(client, person):
    make_access(person, make_account(), alias="Квартира")
    assert "Порядок" not in words(page(client, "settings"))

    make_access(person, make_account(), alias="Дача")
    assert "Порядок" in words(page(client, "settings"))


def test_a_foreign_account_cannot_be_moved(client, person):
    account = make_account()
    make_access(make_user(), account)

    response = client.post(reverse("cabinet:accounts_order"), {"up": f"{account.supplier_id}-{account.id}"})

    assert response.status_code == 404


def test_under_lite_access_no_page_shows_the_name_or_the_flat(client, person):
    account = make_account(surname="Петров", flat="77")
    make_access(person, account, level="lite")

    for name in ("account_attached", "account_settings", "account_detach", "settings"):
        ids = [] if name == "settings" else [account.supplier_id, account.id]
        text = words(page(client, name, *ids))
        assert "Петров" not in text
        assert "кв. 77" not in text


def test_holders_are_shown_to_full_holders_only(client, person):
    account = make_account()
    access = make_access(person, account, level="lite")
    make_access(make_user("maria@mail.ru"), account)

    assert "m•••@mail.ru" not in words(page(client, "account_settings", account.supplier_id, account.id))
    AccountAccess.objects.filter(id=access.id).update(level="full")
    assert "m•••@mail.ru" in words(page(client, "account_settings", account.supplier_id, account.id))


def test_a_full_holder_ends_anothers_access(client, person):
    account = make_account()
    make_access(person, account)
    other = make_access(make_user(), account)

    client.post(reverse("cabinet:account_settings", args=[account.supplier_id, account.id]), {"end": other.id})

    assert [access.user for access in AccountAccess.objects.all()] == [person]


def test_a_lite_holder_is_refused_with_words(client, person):
    account = make_account()
    make_access(person, account, level="lite")
    other = make_access(make_user(), account)

    response = client.post(
        reverse("cabinet:account_settings", args=[account.supplier_id, account.id]), {"end": other.id}, follow=True
    )

    assert "Подтвердите, что счёт Ваш" in words(response)
    assert AccountAccess.objects.count() == 2


def test_a_name_is_saved(client, person):
    account = make_account()
    make_access(person, account)

    client.post(reverse("cabinet:account_settings", args=[account.supplier_id, account.id]), {"alias": "Дача"})

    assert queries.accounts_of(person)[0].title == "Дача"


def test_a_name_that_is_too_long_is_kept_on_the_screen(client, person):
    account = make_account()
    make_access(person, account)

    response = client.post(
        reverse("cabinet:account_settings", args=[account.supplier_id, account.id]), {"alias": "Д" * 61}
    )

    assert "alias" in response.context["form"].errors
    assert "Д" * 61 in words(response)


def test_proving_raises_the_level_and_opens_the_account(client, person):
    account = make_account(make_supplier(proof="surname", access_without_proof="lite"))
    record_proof(account.supplier_id, account.id, "surname", "Петров")
    make_access(person, account, level="lite")
    address = reverse("cabinet:account_prove", args=[account.supplier_id, account.id])

    wrong = client.post(address, {"proof": "Сидоров"})
    right = client.post(address, {"proof": "Петров"})

    assert "не подходят друг к другу" in words(wrong)
    assert 'value="Сидоров"' in words(wrong)
    assert right.url == reverse("cabinet:account", args=[account.supplier_id, account.id])
    assert queries.accounts_of(person)[0].is_full


def test_detaching_asks_first(client, person):
    account = make_account()
    make_access(person, account)
    address = reverse("cabinet:account_detach", args=[account.supplier_id, account.id])

    assert "Отключить лицевой счёт?" in words(client.get(address))
    assert len(queries.accounts_of(person)) == 1

    assert client.post(address).url == reverse("cabinet:settings")
    assert queries.accounts_of(person) == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["account_attached", "account_settings", "account_prove", "account_detach"])
def test_a_strangers_account_does_not_exist(client, person, name, method):
    account = make_account()
    make_access(make_user(), account)
    if name == "account_attached" and method == "post":
        return

    response = getattr(client, method)(reverse(f"cabinet:{name}", args=[account.supplier_id, account.id]))

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["welcome", "settings", "account_attach"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, name):
    response = page(client, name)

    assert response.status_code == 302
    assert response.url.startswith(reverse("cabinet:sign_in"))
