"""Staff find a customer by whatever they say on the phone."""

import pytest
from django.db import connection

from kabinet.accounts.rules import search, sounding
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.meters.queries.search import find_customers
from kabinet.meters.tests.factories import make_meter
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return make_supplier()


@pytest.fixture
def member(supplier):
    return make_member("support", supplier)


def numbers(text, member):
    return [account.number for account in find_customers(text, visible_to=member).accounts]


# --- Number, meter, phone, e-mail -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "702062012",
        "702 062 012",
        "л/с № 702062012",
        "ЛС 702062012",
        "лицевой счёт 702-062-012",
        "лицевой счет номер 702062012",
        "2012",
        "62 012",
        "л/с 62012",
        "70206201",
    ],
)
def test_a_number_is_found_as_people_write_it(supplier, member, typed):
    make_account(supplier, number="702062012")
    make_account(supplier, number="702161213")

    assert numbers(typed, member) == ["702062012"]


def test_a_whole_number_is_not_taken_for_the_end_of_another(supplier, member):
    make_account(supplier, number="62012")
    make_account(supplier, number="702062012")

    assert numbers("62012", member) == ["62012"]


def test_three_digits_are_no_part_of_a_number(supplier, member):
    make_account(supplier, number="702062012")

    assert numbers("012", member) == []


def test_each_supplier_has_its_own_form_of_numbers():
    member = make_member("helpdesk")
    plain = make_account(make_supplier(number_kept=""), number="4301")
    kept = make_account(make_supplier(number_kept="/"), number="43/01")

    assert set(numbers("43/01", member)) == {plain.number, kept.number}


@pytest.mark.parametrize(
    "typed",
    [
        "48213",
        "АВ-0048213",
        "ав 0048213",
        "АВ 00 48 213",
        "00 482 13 / 7",
        "AB0048213",
        "ab-0048213",
        "счётчик 482",
        "Счетчик № 48213",
        "заводской номер 48213",
        "зав. № 0048213",
        "номер счётчика 48213",
        "прибор учёта 48213",
    ],
)
def test_a_meter_is_found_by_a_part_of_its_number(supplier, member, typed):
    make_meter(make_account(supplier, number="1"), serial_number="АВ-0048213/7")
    make_meter(make_account(supplier, number="2"), serial_number="00991122")

    assert numbers(typed, member) == (["1"] if typed.split()[-1] != "482" else [])


@pytest.mark.parametrize(
    "typed",
    [
        "+7 912 345-67-89",
        "89123456789",
        "79123456789",
        "9123456789",
        "(912) 345 67 89",
        "8-912-345-67-89",
        "8 (912) 34-567-89",
        "8.912.345.67.89",
        "+7/912/3456789",
        "тел. 8 912 345-67-89",
        "телефон: +79123456789",
        "моб. 9123456789",
        "сотовый 8 912 3456789",
    ],
)
def test_a_phone_of_a_cabinet_is_found_however_it_is_written(supplier, member, typed):
    make_access(make_user("a@example.ru", phone="+79123456789"), make_account(supplier, number="5"), level="lite")

    assert numbers(typed, member) == ["5"]


def test_an_address_of_a_cabinet_is_found_in_capitals_too(supplier, member):
    owner = make_user("anna@example.ru")
    make_access(owner, make_account(supplier, number="5"))
    make_access(owner, make_account(supplier, number="6"))

    assert numbers(" Anna@Example.RU ", member) == ["5", "6"]


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("anna.petrova@example.ru", True),
        ("anna.petrova@exam", True),
        ("anna.petrova@", True),
        ("Anna.Petrova", True),
        ('фттф.зуекщмф"учфьздую.кг', False),
        ('фттфюзуекщмф"учфьздуюкг', True),
        ("anna.petrov", False),
        ("anna.petrov@", False),
        ("petrova", False),
        ("anna_petrova", False),
        ("anna%petrova@", False),
    ],
)
def test_half_an_e_mail_is_enough_when_the_mailbox_is_whole(supplier, member, typed, is_found):
    make_access(make_user("anna.petrova@example.ru"), make_account(supplier, number="5", surname="Ким"))

    assert numbers(typed, member) == (["5"] if is_found else [])


# --- Name -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "Щербакова",
        "щербаков",
        "Шербакава",
        "Щербокова",
        "Щерабков",
        "Щрбаков",
        "Щербаккова",
        "Щербако",
        "Щербакова Алёна",
        "Щербакова Алена Семёновна",
        "Щербакова А.С.",
        "Алёна Щербакова",
        "Щерба",
        "Ofh,frjdf",
        "Othrfrjdf",
        "ofh,frjdf fktyf",
        "Shcherbakova",
        "Scherbakova Alena",
        "SHCHERBAKOV",
        "Щербaкова",
    ],
)
def test_a_payer_is_found_by_a_surname_misspelt_too(supplier, member, typed):
    make_account(supplier, number="1", surname="Щербакова", given_name="Алёна", patronymic="Семеновна")
    make_account(supplier, number="2", surname="Чернов")

    assert numbers(typed, member) == ["1"]


@pytest.mark.parametrize(
    ("surname", "typed"),
    [
        ("Ромакенко", "Роакенко"),
        ("Семемеев", "Семмеев"),
        ("Данелых", "Данеых"),
        ("Алексущенко", "Алексущеноо"),
        ("Филольенко", "Филльенко"),
        ("Виномеева", "Виномевеа"),
        ("Яковлева", "Зковлева"),
        ("Хасанов", "Хссанов"),
        ("Королёва", "Коорлева"),
    ],
)
def test_a_slip_that_puts_two_like_letters_together_is_one_slip(supplier, member, surname, typed):
    make_account(supplier, number="1", surname=surname)

    assert numbers(typed, member) == ["1"]


def test_a_frequent_surname_leaves_room_for_others_that_are_as_near(supplier, member):
    for number in range(40):
        make_account(supplier, number=f"2{number}", surname="Белков")
    make_account(supplier, number="1", surname="Белчов")

    assert "1" in numbers("Белнов", member)


def test_a_surname_spelt_so_comes_before_those_that_only_sound_so(supplier, member):
    make_account(supplier, number="1", surname="Лебедева", street_address="ул. Лесная, д. 9")
    make_account(supplier, number="2", surname="Лебядева", street_address="ул. Лесная, д. 10")

    assert numbers("Лебядева", member) == ["2", "1"]


def test_a_surname_that_is_a_slip_away_comes_after_what_fits(supplier, member):
    make_account(supplier, number="1", surname="Белков")
    make_account(supplier, number="2", surname="Белов")

    assert numbers("белов", member) == ["2", "1"]


def test_who_is_only_like_it_is_not_shown_when_enough_fit(supplier, member):
    make_account(supplier, number="1", surname="Белков")
    for number in range(5):
        make_account(supplier, number=f"2{number}", surname="Белов")

    assert "1" not in numbers("белов", member)


# --- Address ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "ленина 5 кв 12",
        "Ленина, 5-12",
        "ул. Ленина, д.5, кв.12",
        "ленена 5 12",
        "лен 5 12",
        "5 12 ленина",
        "гатчина ленина 5 12",
        "ЛЕНИНА 5",
        "Лемина 5 кв 12",
        "ленина",
        "ленин",
        "Ленина 5 12",
        "ул. Ленина, д.5, кв. 12",
        "кв 12 дом 5 улица Ленина",
        "12 кв., Ленина 5",
        "ленина д5кв12",
        "ленина5-12",
        "Ленина 5/12",
        "188300, г. Гатчина, ул. Ленина, дом № 5, квартира № 12",
        "5 ленина",
        "Лнеина 5",
        "Лееина 5-12",
        "Лнина",
        "Ktybyf 5 rd 12",
        "ek/ Ktybyf? l/5",
        "Lenina 5-12",
    ],
)
def test_a_place_is_found_by_a_part_of_its_address(supplier, member, typed):
    make_account(supplier, number="1", locality="г. Гатчина", street_address="ул. Ленина, д. 5", flat="12")
    make_account(
        supplier, number="2", locality="г. Гатчина", street_address="ул. Лесная, д. 5", flat="12", surname="Ким"
    )

    assert numbers(typed, member) == ["1"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("зеленая 7", ["1"]),
        ("зелёная 7а", ["1"]),
        ("8 марта 3", ["2"]),
        ("50 лет октября 11 к 2", ["3"]),
        ("50 лет октября 11/2 кв 4", ["3"]),
        ("маршала жукова 1", ["4"]),
        ("жукова 1", ["4"]),
        ("ростов жукова", ["4"]),
        ("ростов-на-дону", ["4"]),
        ("жукова 2", []),
        ("МаршалаЖукова 1", ["4"]),
        ("маршала жкуова 1", ["4"]),
        ("8-го марта 3", ["2"]),
        ("8-е Марта, 3-1", ["2"]),
        ("8марта 3", ["2"]),
        ("зеленая 7 а", ["1"]),
        ("зеленая 7a", ["1"]),
        ("50 лет октября 11к2", ["3"]),
        ("набережная 2", ["5"]),
        ("наб. 2", []),
        ("набережная жукова 1", ["4"]),
        ("гатчина жукова", []),
    ],
)
def test_streets_have_numbers_letters_and_several_words(supplier, member, typed, found):
    make_account(supplier, number="1", street_address="Зелёная, 7А", flat="")
    make_account(supplier, number="2", street_address="ул. 8 Марта, д. 3", flat="1")
    make_account(supplier, number="3", street_address="пр-кт 50 лет Октября, дом 11, корп. 2", flat="4")
    make_account(
        supplier, number="4", locality="г. Ростов-на-Дону", street_address="б-р Маршала Жукова, 1", flat="кв. 9"
    )
    make_account(supplier, number="5", street_address="ул. Набережная, д. 2", flat="")

    assert numbers(typed, member) == found


def test_houses_and_flats_stand_in_their_order(supplier, member):
    for number, flat in (("1", "10"), ("2", "9"), ("3", "100")):
        make_account(supplier, number=number, street_address="Мира, 4", flat=flat)

    assert numbers("мира 4", member) == ["2", "1", "3"]


# --- Who sees what ----------------------------------------------------------------------------------------------------


def test_nothing_of_another_supplier_is_found(member):
    account = make_account(make_supplier(), number="702062012", surname="Щербакова", street_address="Мира, 4")
    make_meter(account, serial_number="0048213")
    make_access(make_user("anna@example.ru", phone="+79123456789"), account)

    for typed in ("702062012", "Щербакова", "мира 4", "48213", "anna@example.ru", "+79123456789"):
        assert numbers(typed, member) == []


def test_the_help_desk_finds_the_customers_of_all(member):
    accounts = [make_account(make_supplier(), surname="Щербакова") for _ in range(2)]

    assert set(numbers("Щербакова", make_member("helpdesk"))) == {account.number for account in accounts}


def test_an_operator_of_the_installation_sees_no_customer():
    make_account(surname="Щербакова")

    assert numbers("Щербакова", make_member("operator")) == []


def test_no_more_are_shown_than_one_can_look_at(supplier, member):
    for _ in range(31):
        make_account(supplier, surname="Иванов")

    found = find_customers("иванов", visible_to=member)

    assert (len(found.accounts), found.is_cut) == (30, True)


@pytest.mark.parametrize(
    ("typed", "most"),
    [
        ("702062012", 6),
        ("Щербакова", 7),
        ("Щербекова", 8),
        ("ленина 5 12", 5),
        ("anna.petrova", 25),
        ("Ofh,frjdf", 15),
        ("Ъъ", 9),
    ],
)
def test_a_search_is_a_few_look_ups_however_many_are_found(
    supplier, member, typed, most, django_assert_max_num_queries
):
    for number in range(7):
        make_account(supplier, number=f"70206201{number}", surname="Щербакова", street_address="Ленина, 5", flat="12")

    with django_assert_max_num_queries(most):
        find_customers(typed, visible_to=member)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "'",
        "«»",
        "%",
        "№",
        "'); --",
        "\\",
        "ъ",
        "-",
        "5 12",
        "я" * 200,
        "a:*|b",
        "|&!",
        "x" * 120,
        "абвгдежзик" * 12,
    ],
)
def test_odd_texts_find_nothing_and_break_nothing(supplier, member, typed):
    make_account(supplier)

    assert numbers(typed, member) == []


# --- Rules and indexes ------------------------------------------------------------------------------------------------

WORDS = [
    "Щербакова",
    "Ёлкин",
    "Толстая",
    "Толстой",
    "Кузнецов",
    "Филиппов",
    "Объедков",
    "Мамин-Сибиряк",
    "де Голль",
    "Smith",
    "",
]


def test_the_database_makes_the_same_keys_as_the_rules():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_sound(word), accounts_surname_key(word)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (word, place)"
            " ORDER BY place",
            [WORDS],
        )
        assert cursor.fetchall() == [(sounding.sound(word), sounding.surname_key(word)) for word in WORDS]


def test_the_database_leaves_out_the_same_words_of_an_address():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE accounts_place_keys(1, '', word, '') IS NOT NULL",
            [sorted(search.PLACE_WORDS)],
        )
        assert cursor.fetchall() == []
