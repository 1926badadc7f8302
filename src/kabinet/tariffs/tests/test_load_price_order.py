"""A supplier loads the year's price order from a file."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from kabinet.audit.models import Entry
from kabinet.common.month import Month
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.suppliers.tests.factories import make_supplier, make_usage_purpose
from kabinet.tariffs.models import Tariff
from kabinet.tariffs.operations import PriceOrderRefused, TakesTwo
from kabinet.tariffs.tests.factories import make_accountant, make_support
from kabinet.tariffs.usecases.load_price_order import load_price_order

pytestmark = pytest.mark.django_db

HEAD = "Услуга;Направление;Зона;Сверх м³ в год;Цена;Единица;Действует с;Действует по;Приказ\r\n"
ORDER = HEAD + (
    "gas;cooking;;;13,52;м³;01.12.2026;;Приказ № 7\r\n"
    "gas;heating;;500;10,10;м³;01.12.2026;;Приказ № 7\r\n"
    "gas;heating;;;8 010;1000 м³;01.12.2026;;Приказ № 7\r\n"
    "gas;;T2;;6;м³;01.12.2026;30.06.2027;Приказ № 7\r\n"
)


@pytest.fixture
def supplier():
    supplier = make_supplier()
    make_usage_purpose(supplier, "cooking")
    make_usage_purpose(supplier, "heating")
    return supplier


def load(supplier, text=ORDER, *, encoding="utf-8", **values):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return load_price_order(
        supplier_id=supplier.id,
        content=content,
        encoding=encoding,
        **({"applies": True, "actor": None, "now": NOW} | values),
    )


def test_an_order_is_set_as_it_is_printed(supplier):
    order = load(supplier)

    assert (len(order.new), order.unchanged, order.refused, order.is_applied) == (4, [], [], True)
    rows = Tariff.objects.order_by("usage_purpose_code", "above_m3")
    assert [
        (row.usage_purpose_code, row.zone, row.above_m3, row.price_rub_per_m3, row.printed_unit, row.valid_until)
        for row in rows
    ] == [
        ("", "T2", 0, Decimal(6), "m3", dt.date(2027, 7, 1)),
        ("cooking", "", 0, Decimal("13.52"), "m3", None),
        ("heating", "", 0, Decimal("8.01"), "1000m3", None),
        ("heating", "", 500, Decimal("10.1"), "m3", None),
    ]
    assert Entry.objects.get(action="price_order.loaded").details["new"] == 4


def test_a_preview_tells_the_same_and_writes_nothing(supplier):
    order = load(supplier, applies=False)

    assert ([line.number for line in order.new], order.is_applied) == ([2, 3, 4, 5], False)
    assert not Tariff.objects.exists()
    assert not Entry.objects.exists()


def test_the_same_order_again_changes_nothing(supplier):
    load(supplier)

    again = load(supplier)

    assert (len(again.new), len(again.unchanged), again.is_applied) == (0, 4, True)
    assert Tariff.objects.count() == 4


def test_one_refused_line_keeps_all_prices_as_they_were(supplier):
    text = ORDER + (
        "gas;cooking;;;0;м³;01.01.2028;;Приказ № 7\r\n"
        "water;;;;5;м³;01.12.2026;;Приказ № 7\r\n"
        "gas;sauna;;;5;м³;01.12.2026;;Приказ № 7\r\n"
        "gas;cooking;;;13.60;м³;01.12.2026;;Приказ № 7\r\n"
        "gas;cooking;;;13,60;м³;31.02.2026;;Приказ № 7\r\n"
        "gas;cooking;;;13,60;литр;01.12.2026;;Приказ № 7\r\n"
        "gas;cooking;;;13,60;м³;01.12.2026;;\r\n"
        "gas;cooking;;;13,60\r\n"
        "gas;cooking;;;13,60;м³;01.12.2026;;Приказ № 8\r\n"
    )

    order = load(supplier, text)

    assert not order.is_applied
    assert not Tariff.objects.exists()
    assert len(order.new) == 4
    reasons = {refused.number: refused.reason for refused in order.refused}
    assert list(reasons) == [6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert reasons[6] == "Цена должна быть больше нуля."
    assert reasons[7] == "У поставщика нет услуги с кодом «water»."
    assert "«sauna»" in reasons[8]
    assert reasons[9] == "«13.60» — не число с запятой, как 9,624"
    assert reasons[10] == "«31.02.2026» — не день, как 01.10.2026"
    assert reasons[11].startswith("единица «литр» неизвестна")
    assert reasons[12] == "не заполнено: приказ"
    assert reasons[13] == "в строке 5 значений, а нужно 9"
    assert reasons[14] == "На эти дни цена стоит и в строке 2. Оставьте одну из них."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "gas;;;;5;м³;01.12.2026;31.12.9999;Приказ № 7",
            "«31.12.9999»: такого года в приказах не бывает; у цены без конца последнего дня не пишут",
        ),
        (
            "gas;;;;5;м³;01.12.0026;;Приказ № 7",
            "«01.12.0026»: такого года в приказах не бывает; у цены без конца последнего дня не пишут",
        ),
        ("gas;;;500,1234;5;м³;01.12.2026;;Приказ № 7", "«500,1234»: после запятой бывает не больше 3 знаков"),
    ],
)
def test_days_without_an_end_and_numbers_that_are_not_kept_are_refused(supplier, line, reason):
    order = load(supplier, HEAD + line)

    assert [(refused.number, refused.reason) for refused in order.refused] == [(2, reason)]
    assert not Tariff.objects.exists()


def test_a_zone_may_be_typed_with_a_russian_letter(supplier):
    load(supplier, HEAD + "gas;;т2;;6;м³;01.12.2026;;Приказ № 7")

    assert Tariff.objects.get().zone == "T2"


def test_a_higher_step_without_its_first_one_is_refused(supplier):
    order = load(supplier, HEAD + "gas;heating;;500;10,10;м³;01.12.2026;;Приказ № 7\r\n")

    assert [refused.number for refused in order.refused] == [2]
    assert "первой ступени" in order.refused[0].reason


def test_an_order_of_months_that_are_over_names_the_first(supplier):
    text = HEAD + "gas;;;;9;м³;01.10.2026;;Приказ\r\n" + "gas;cooking;;;9;м³;15.08.2026;;Приказ\r\n"

    assert load(supplier, text, applies=False).affected_since == Month(2026, 8)


def test_prices_give_way_only_where_it_is_asked_for(supplier):
    load(supplier)
    text = HEAD + "gas;cooking;;;13,60;м³;01.12.2026;;Приказ № 8\r\n"
    assert not load(supplier, text).is_applied

    assert load(supplier, text, replaces=True).is_applied

    assert Tariff.objects.get(usage_purpose_code="cooking").price_rub_per_m3 == Decimal("13.6")


@pytest.mark.parametrize("replaces", [False, True])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("9;м³;01.12.2026;", "10;м³;01.12.2026;"),
        ("9;м³;01.12.2026;30.06.2027", "10;м³;30.06.2027;"),
        ("9;м³;01.12.2026;", "9;м³;01.12.2026;30.06.2027"),
    ],
)
def test_lines_that_contradict_each_other_are_refused_even_where_others_give_way(supplier, first, second, replaces):
    order = load(supplier, HEAD + f"gas;;;;{first};Приказ\r\ngas;;;;{second};Приказ\r\n", replaces=replaces)

    assert [(line.number, "в строке 2" in line.reason) for line in order.refused] == [(3, True)]
    assert not Tariff.objects.exists()


def test_half_years_of_one_order_follow_each_other_and_the_same_line_twice_is_one(supplier):
    first, second = "gas;;;;9;м³;01.12.2026;;Приказ\r\n", "gas;;;;10;м³;01.07.2027;;Приказ\r\n"

    order = load(supplier, HEAD + first + second + first)

    assert (order.is_applied, len(order.new), len(order.unchanged)) == (True, 2, 1)
    assert [row.valid_until for row in Tariff.objects.order_by("valid_from")] == [dt.date(2027, 7, 1), None]


def test_a_name_longer_than_is_kept_is_refused(supplier):
    [line] = load(supplier, HEAD + f"gas;;;;9;м³;01.12.2026;;{'Приказ' * 50}\r\n").refused

    assert line.reason == "приказ: больше 250 знаков"


def test_the_code_page_of_old_programs_is_told(supplier):
    order = load(supplier, ORDER.replace("³", "3"), encoding="cp1251")

    assert order.is_applied


def test_a_file_with_a_mark_says_itself_that_it_is_utf_8(supplier):
    order = load(supplier, b"\xef\xbb\xbf" + ORDER.encode(), encoding=None)

    assert order.is_applied


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (ORDER.encode(), None, "назовите её"),
        (ORDER.replace("³", "3").encode("cp1251"), "utf-8", "не в кодировке utf-8"),
        (b"", "utf-8", "первая строка должна быть такой"),
        (HEAD.encode(), "utf-8", "нет ни одной цены"),
        ("Цена;Услуга\r\n".encode(), "utf-8", "первая строка должна быть такой"),
        ((HEAD + 'gas;"cooking').encode(), "utf-8", "строка 2"),
        ((HEAD + "gas;;;;5;м³;01.12.2026;;При\0каз").encode(), "utf-8", "нулевые байты"),
    ],
)
def test_a_file_that_is_no_order_is_refused_whole(supplier, content, encoding, words):
    with pytest.raises(PriceOrderRefused) as caught:
        load(supplier, content, encoding=encoding)

    assert words in str(caught.value)
    assert not Tariff.objects.exists()


def test_support_tries_no_prices_and_an_accountant_alone_loads_none(supplier):
    with pytest.raises(NotAllowed):
        load(supplier, actor=make_support(supplier), applies=False)
    with pytest.raises(TakesTwo):
        load(supplier, actor=make_accountant(supplier))
    assert len(load(supplier, actor=make_accountant(supplier), applies=False).new) == 4
    assert not Tariff.objects.exists()


def test_the_command_tries_first_and_sets_when_it_is_told(supplier, tmp_path):
    file, out = tmp_path / "order.csv", StringIO()
    file.write_text(HEAD + "gas;cooking;;;13,52;м³;01.12.2099;;Приказ № 7\r\n", encoding="utf-8-sig", newline="")

    call_command("load_price_order", str(file), supplier=supplier.code, stdout=out)
    assert not Tariff.objects.exists()
    call_command("load_price_order", str(file), supplier=supplier.code, apply=True, stdout=out)

    assert Tariff.objects.count() == 1
    assert out.getvalue().splitlines() == [
        "line 2: gas cooking 13.52 m3 from 2099-12-01",
        "1 new, 0 unchanged, 0 lines refused: tried, nothing is set",
        "line 2: gas cooking 13.52 m3 from 2099-12-01",
        "1 new, 0 unchanged, 0 lines refused: set",
    ]


def test_the_command_fails_for_a_refused_line_and_for_a_supplier_that_is_not_there(supplier, tmp_path):
    file, out = tmp_path / "order.csv", StringIO()
    file.write_text(HEAD + "gas;sauna;;;13,52;м³;01.12.2026;;Приказ № 7\r\n", encoding="utf-8", newline="")

    with pytest.raises(SystemExit):
        call_command("load_price_order", str(file), supplier=supplier.code, encoding="utf-8", stdout=out)
    assert "line 2: У поставщика нет направления" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("load_price_order", str(file), supplier="nobody", encoding="utf-8", stdout=out)
    with pytest.raises(CommandError, match="назовите её"):
        call_command("load_price_order", str(file), supplier=supplier.code, stdout=out)
