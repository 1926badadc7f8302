"""The sheet of a bill: what is printed, what stands in the boxes, what a scanner reads."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from kabinet.bills.formats.bill import BillLine, Part, Payer, render
from kabinet.bills.tests.factories import AGENT, BANK, GAS, OTHER_BANK, PAYEE, make_bill, make_blank_bill
from kabinet.bills.tests.papers import boxes_after, page_count, symbols_in, words_of
from kabinet.common.month import Month


def test_everything_that_the_instruction_names_is_printed():
    words = words_of(render(make_bill(requisites=[OTHER_BANK, BANK, AGENT])))

    for part in (
        "Газпром межрегионгаз Санкт-Петербург",
        "ИНН 7838016481",
        "р/сч. 40702810500000000001",
        "к/сч. 30101810500000000653",
        "БИК 044030653",
        "р/сч. 40702810900120001210",
        "к/сч. 30101810300000000853",
        "БИК 044030853",
        "спец/сч. 40821810800120000001",
        "ИЗВЕЩЕНИЕ",
        "ЛИЦЕВОЙ СЧЕТ",
        "СЧЕТ-ИЗВЕЩЕНИЕ",
        "2А ГАЗ 012",
        "ОПЛАЧЕНО ПО",
        "Показание счетчика",
        "Оплачиваемое",
        "Предыдущее",
        "Расход, м³",
        "Цена, руб/м³",
        "4,37507",
        "Начислено, руб.",
        "Льгота, руб.",
        "Итого к оплате",
        "руб.",
        "коп.",
        "Подпись плательщика",
        "Кассир",
    ):
        assert part in words


def test_what_the_rules_of_bills_ask_for_is_printed():
    words = words_of(render(make_bill(opening_rub=Decimal("144.38"), closing_rub=Decimal("266.88"))))

    for part in (
        "Петров Иван Сергеевич",
        "Санкт-Петербург, ул. Лесная, д. 14, кв. 7",
        "октябрь 2026 года",
        "190000, Санкт-Петербург, ул. Галерная, д. 20",
        "8 800 000-00-01",
        "abonent@gmr-spb.example",
        "Долг на 01.10.2026 144,38",
        "К оплате на 22.11.2026 266,88 ₽",
        "Оплатить до 16 ноября 2026",
        "28 м³ × 4,37507 ₽/м³ = 122,50 ₽",
    ):
        assert part in words


def test_each_digit_of_the_account_stands_in_a_box_of_its_own():
    assert boxes_after(render(make_bill()), "ЛИЦЕВОЙ СЧЕТ") == list("702062012")


def test_the_total_stands_in_boxes_from_the_right():
    assert boxes_after(render(make_bill()), "Итого к оплате")[:6] == ["", "", "", "1", "2", "2"]


def test_both_symbols_say_to_another_reader_what_was_meant():
    payloads = symbols_in(render(make_bill()))

    assert len(payloads) == 2
    for payload in payloads:
        block, *fields = payload.decode().split("|")
        assert block == "ST00012"
        assert dict(field.split("=", 1) for field in fields) == {
            "Name": "ЗАО «Газпром межрегионгаз Санкт-Петербург»",
            "PersonalAcc": "40702810900120001210",
            "BankName": "Филиал «Санкт-Петербург» ОАО «Собинбанк»",
            "BIC": "044030853",
            "CorrespAcc": "30101810300000000853",
            "PayeeINN": "7838016481",
            "PersAcc": "702062012",
            "Sum": "12250",
            "PaymPeriod": "102026",
            "CounterVal": "01262",
            "TechCode": "02",
            "Purpose": "Оплата за 10.2026, лицевой счет 702062012",
        }


def test_a_long_name_of_the_payee_goes_into_the_symbol_in_windows_1251():
    full_name = f"Закрытое акционерное общество «Газпром межрегионгаз {'Ленинградская область ' * 3}филиал»"

    payload = symbols_in(render(make_bill(payee=replace(PAYEE, full_name=full_name))))[0]

    # This reader does not know the declared character set, takes the bytes for Latin-1 and gives them as UTF-8.
    written = payload.decode().encode("latin-1").decode("cp1251")
    assert written.startswith(f"ST00011|Name={full_name}|")
    assert written.endswith("|Purpose=Оплата за 10.2026, лицевой счет 702062012")


def test_where_even_that_is_too_long_the_short_name_stands_in_the_symbol():
    payload = symbols_in(render(make_bill(payee=replace(PAYEE, full_name="Ҡ" * 150))))[0]

    assert "|Name=Газпром межрегионгаз Санкт-Петербург|" in payload.decode()


def test_a_supplier_without_a_settlement_account_has_no_symbol():
    assert symbols_in(render(make_bill(requisites=[AGENT]))) == []


def test_a_past_month_carries_no_sum_in_its_symbol_and_says_why():
    pdf = render(make_bill(is_latest=False))

    assert b"Sum=" not in symbols_in(pdf)[0]
    assert "Это счёт за прошедший месяц" in words_of(pdf)


def test_an_open_month_leaves_reading_sum_and_total_to_be_filled_in():
    pdf = render(make_blank_bill())

    words = words_of(pdf)
    assert "Показания за ноябрь 2026 года" in words
    assert "0 1 2 3 4" in words
    assert "4,37507" in words
    assert "122,50 ₽" in words
    assert boxes_after(pdf, "Итого к оплате")[:6] == [""] * 6
    assert b"Sum=" not in symbols_in(pdf)[0]


def test_an_open_month_with_its_reading_handed_in_is_counted_for_people():
    line = replace(GAS, current_m3=Decimal(1300), previous_m3=Decimal(1262), amount_rub=Decimal("166.25"))

    pdf = render(make_blank_bill(lines=[line]))

    assert "сумма по переданным показаниям предварительная" in words_of(pdf)
    assert "= 288,75" in words_of(pdf)
    assert b"Sum=28875" in symbols_in(pdf)[0]


def test_an_open_month_without_a_meter_asks_for_no_reading():
    words = words_of(render(make_blank_bill(lines=[])))

    assert "За этот месяц ещё не начислено. Расчёты по лицевому счёту" in words
    assert "Впишите показание" not in words


def test_an_overpayment_leaves_nothing_to_pay():
    pdf = render(make_bill(paid_rub=Decimal("500.00"), closing_rub=Decimal("-377.50")))

    assert "0,00 ₽ Переплата 377,50 ₽" in words_of(pdf)
    assert "= −377,50" in words_of(pdf)
    assert b"Sum=" not in symbols_in(pdf)[0]


def test_a_month_without_charges_says_so():
    pdf = render(make_bill(lines=[], closing_rub=Decimal(0)))

    assert "За этот месяц начислений нет." in words_of(pdf)
    assert "Долга нет" in words_of(pdf)


def test_several_services_are_each_named_with_what_is_owed():
    maintenance = BillLine(service_name="Техническое обслуживание", amount_rub=Decimal("74.30"))

    words = words_of(
        render(
            make_bill(
                lines=[GAS, maintenance],
                due_by_service=[("газ", Decimal("122.50")), ("техническое обслуживание", Decimal("74.30"))],
            )
        )
    )

    assert "Техническое обслуживание 74,30" in words
    assert "в том числе: газ 122,50, техническое обслуживание 74,30" in words


def test_two_prices_of_one_reading_stand_in_one_row_of_boxes():
    earlier = replace(GAS, volume_m3=Decimal("8.000"), amount_rub=Decimal("35.00"), price_rub_per_m3=Decimal("4.37507"))
    later = BillLine(
        service_name="Газ",
        volume_m3=Decimal("20.000"),
        price_rub_per_m3=Decimal("4.80000"),
        amount_rub=Decimal("96.00"),
        goes_on=True,
    )

    words = words_of(render(make_bill(lines=[earlier, later])))

    assert "2 8 4,37507 4,80000" in words
    assert "1 3 1 , 0 0" in words


def test_a_recalculation_is_added_with_its_sign():
    back = BillLine(
        service_name="Газ",
        note="перерасчёт по показаниям",
        volume_m3=Decimal("-3"),
        price_rub_per_m3=Decimal("4.10000"),
        amount_rub=Decimal("-12.30"),
        part=Part.RECALCULATION,
    )

    words = words_of(render(make_bill(lines=[GAS, back], closing_rub=Decimal("110.20"))))

    assert "перерасчёт по показаниям −3 4,10000 −12,30" in words
    assert "Всего 122,50 0,00 −12,30" in words
    assert "Начислено + 122,50 Перерасчёт − 12,30" in words


def test_a_benefit_and_penalties_stand_in_columns_of_their_own():
    benefit = BillLine(service_name="Газ", note="льгота: 50 %", amount_rub=Decimal("-43.75"), part=Part.BENEFIT)
    penalty = BillLine(service_name="Пени", note="за март 2026 года", amount_rub=Decimal("137.02"), part=Part.PENALTY)

    pdf = render(make_bill(lines=[GAS, benefit, penalty], closing_rub=Decimal("215.77")))

    words = words_of(pdf)
    assert "льгота: 50 % 43,75" in words
    assert "Всего 259,52 43,75 0,00" in words
    assert "Начислено + 122,50 Пени + 137,02 Льгота − 43,75" in words
    assert boxes_after(pdf, "Итого к оплате")[:6] == ["", "", "", "2", "1", "5"]


def test_a_benefit_stands_in_the_box_of_its_services_first_line():
    benefit = BillLine(service_name="Газ", amount_rub=Decimal("-43.75"), part=Part.BENEFIT)

    words = words_of(render(make_bill(lines=[GAS, benefit], closing_rub=Decimal("78.75"))))

    assert "1 2 2 , 5 0 4 3 , 7 5" in words


def test_what_changed_the_debt_without_a_line_is_called_a_correction():
    words = words_of(render(make_bill(adjusted_rub=Decimal("-100.00"), closing_rub=Decimal("22.50"))))

    assert "Корректировки − 100,00" in words


def test_the_tax_inside_the_sum_is_named():
    words = words_of(render(make_bill(vat=[("22", Decimal("22.09"))])))

    assert "В том числе НДС 22 %: 22,09 руб." in words


def test_an_ordinary_bill_is_one_sheet_and_a_crowded_one_keeps_its_notice_whole():
    crowded = make_bill(
        lines=[replace(GAS, note=f"Счётчик {number}", digits=8) for number in range(12)],
        payer=Payer(name="Константинопольская-Преображенская " * 3, address="посёлок городского типа " * 8),
    )

    assert page_count(render(make_bill(requisites=[OTHER_BANK, BANK, AGENT]))) == 1
    assert page_count(render(crowded)) == 2


@pytest.mark.parametrize(("count", "has_chart"), [(2, True), (3, False), (4, False), (5, False), (7, False)])
def test_a_bill_of_some_lines_stays_one_sheet_by_leaving_out_its_chart(count, has_chart):
    lines = [replace(GAS, note=f"Счётчик ВК-G4 № {number}") for number in range(count)]

    pdf = render(make_bill(lines=lines))

    assert page_count(pdf) == 1
    assert ("Расход газа по месяцам" in words_of(pdf)) is has_chart


def test_a_notice_longer_than_a_sheet_goes_on_upon_the_next_one():
    lines = [replace(GAS, note=f"Счётчик ВК-G4 № {number}") for number in range(200)]

    words = words_of(render(make_bill(lines=lines)))

    notice = words[words.index("ИЗВЕЩЕНИЕ", words.index("линия отреза")) :]
    assert all(f"№ {number} " in notice for number in range(200))
    assert "Итого к оплате" in notice


def test_more_money_given_back_than_taken_is_added():
    words = words_of(render(make_bill(paid_rub=Decimal("-300.00"), closing_rub=Decimal("422.50"))))

    assert "Начислено + 122,50 Возвращено + 300,00 К оплате = 422,50" in words


def test_markup_in_a_name_is_printed_as_it_is():
    name = 'Иван *жирный* #read("/etc/passwd") $x$ \\ "кавычки"'

    assert name in words_of(render(make_bill(payer=Payer(name=name, address="_адрес_"))))


def test_a_name_with_letters_that_our_face_lacks_is_printed_all_the_same():
    pdf = render(make_bill(payer=Payer(name="Ғәлиәкбәр Ҡотлобаев 🙂", address="Уфа")))

    assert "Ғәлиәкбәр Ҡотлобаев" in words_of(pdf)


def test_the_same_bill_is_the_same_file():
    assert render(make_bill()) == render(make_bill())


@pytest.mark.parametrize("microsecond", [0, 999_999])
def test_any_moment_may_stand_in_the_file(microsecond):
    made_at = dt.datetime(2026, 11, 22, 9, 0, 0, microsecond, tzinfo=dt.UTC)

    assert render(make_bill(made_at=made_at, period=Month(2026, 1))).startswith(b"%PDF-")
