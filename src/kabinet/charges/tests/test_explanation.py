"""«Как посчитано»: each kind of line in plain words with its numbers, whatever its inputs hold."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from kabinet.charges.models import Charge
from kabinet.charges.queries import ChargedFacts, explain
from kabinet.common.month import Month

APRIL = Month(2026, 4)
PRICED = {"price": "9,624", "price_source": "Приказ № 150-п"}
READING = {
    "meter": "0482117",
    "zone": "T1",
    "digits": 5,
    "previous_on": "2026-03-25",
    "previous_m3": "1200",
    "taken_on": "2026-04-25",
    "current_m3": "1290",
    "is_rollover": False,
    "volume_m3": "90",
    "since": "2026-03-26",
    "until": "2026-04-26",
}


def facts(kind, inputs=None, *, amount="100.00", volume=None, price=None, formula="", **values):
    defaults = {
        "id": 1,
        "service_name": "Газ",
        "period": APRIL,
        "for_period": None,
        "rule_source": "",
        "charged_on": dt.date(2026, 5, 1),
        "used_since": dt.date(2026, 4, 1),
        "used_until": dt.date(2026, 5, 1),
    }
    return ChargedFacts(
        kind=kind,
        volume_m3=volume and Decimal(volume),
        price_rub_per_m3=price and Decimal(price),
        amount_rub=Decimal(amount),
        formula=formula,
        inputs=inputs or {},
        **(defaults | values),
    )


def said(kind, inputs=None, **values):
    """Give sentence, formula, steps and tables as plain text, by name."""
    explanation = explain(facts(kind, inputs, **values))
    return plain(
        {
            "sentence": explanation.sentence,
            "formula": explanation.formula,
            "steps": {step.name: step.value for step in explanation.steps},
            "tables": [[table.head, *table.rows, table.total] for table in explanation.tables],
        }
    )


def plain(value):
    if isinstance(value, str):
        return value.replace("\xa0", " ").replace("\u202f", " ")
    if isinstance(value, dict):
        return {plain(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


# By the meter


def test_two_readings_and_a_price():
    told = said("metered", READING | PRICED, amount="866.16", volume="90", price="9.624")

    assert told["sentence"] == (
        "На 25.04.2026 счётчик показал 1 290, прошлый раз, на 25.03.2026, было 1 200. Израсходовано 90 м³."
    )
    assert told["formula"] == "90 м³ × 9,624 ₽/м³ = 866,16 ₽"
    assert told["steps"] == {
        "Счётчик": "№ 0482117",
        "Показание на 25.04.2026": "1 290",
        "Предыдущее, на 25.03.2026": "1 200",
        "Расход": "1 290 − 1 200 = 90 м³",
        "Цена": "9,624 ₽/м³",
        "Кем установлена": "Приказ № 150-п",
    }


def test_a_dial_that_went_past_its_last_digit_shows_the_way_round():
    told = said(
        "metered", READING | {"previous_m3": "99987", "current_m3": "14", "volume_m3": "27", "is_rollover": True}
    )

    assert told["steps"]["Расход"] == "100 000 − 99 987 + 14 = 27 м³"
    assert "Переход через ноль" in told["steps"]


def test_a_part_before_a_price_change_says_its_days():
    part = {"line_since": "2026-03-26", "line_until": "2026-04-01", "line_m3": "17,419"}

    told = said("metered", READING | PRICED | part)

    assert told["steps"]["Часть расхода по этой цене, с 26.03.2026 по 31.03.2026"] == "90 × 6 / 31 = 17,419 м³"


KEPT = {"kept": [{"since": "2026-04-01", "until": "2026-04-11"}]}
WHOLE = {"line_since": "2026-03-26", "line_until": "2026-04-26"}


@pytest.mark.parametrize(("zone", "meter"), [("T1", "№ 04821777"), ("T2", "№ 04821777, шкала T2")])
def test_a_line_names_its_meter_and_scale_so_that_it_is_told_from_its_neighbour(zone, meter):
    inputs = READING | {"meter": "04821777", "zone": zone}

    assert explain(facts("metered", inputs)).meter == meter
    assert explain(facts("correction", {"reading": inputs, "charged": []})).meter == meter
    assert explain(facts("fixed", {})).meter == ""


def test_days_that_are_not_charged_by_the_reading_are_named_with_the_part_of_the_others():
    told = said("metered", READING | PRICED | KEPT | WHOLE | {"volume_m3": "93", "line_m3": "63"})

    assert told["sentence"].endswith(
        "Израсходовано 93 м³. В строку не вошли дни 01.04–10.04.2026: они остаются, как были начислены."
    )
    assert told["steps"]["Начислено не по этому показанию"] == "01.04–10.04.2026"
    assert told["steps"]["Дней между показаниями, без этих"] == "31 − 10 = 21"
    assert told["steps"]["Часть расхода за остальные дни"] == "93 × 21 / 31 = 63 м³"


def test_days_that_are_not_charged_by_the_reading_are_no_part_of_a_price_either():
    part = {"line_since": "2026-03-26", "line_until": "2026-04-16", "volume_m3": "93", "line_m3": "33"}

    steps = said("metered", READING | PRICED | KEPT | part)["steps"]

    assert steps["Часть расхода по этой цене, с 26.03.2026 по 15.04.2026"] == "93 × 11 / 31 = 33 м³"


@pytest.mark.parametrize("more", [{"factors": [{"factor": "1,06"}]}, {"step_above_m3": "6000", "year_m3": "6100,5"}])
def test_a_part_that_is_not_only_one_of_days_has_no_sum_of_days(more):
    part = {"line_since": "2026-03-26", "line_until": "2026-04-01", "line_m3": "18,465"}

    told = said("metered", READING | PRICED | part | more)

    assert told["steps"]["Часть расхода по этой цене, с 26.03.2026 по 31.03.2026"] == "18,465 м³"


def test_one_of_several_scales_is_named():
    assert said("metered", READING | {"zone": "T2"})["steps"]["Счётчик"] == "№ 0482117, шкала T2"


def test_a_factor_for_the_cold_is_a_table_by_days():
    factor = {"since": "2026-03-26", "until": "2026-04-26", "days": "31", "factor": "1,06", "source": "Приказ № 2719"}

    [table] = said("metered", READING | {"factors": [factor]})["tables"]

    assert table[1] == ["26.03–25.04.2026", "31", "1,06", "Приказ № 2719"]


def test_a_yearly_step_says_what_had_been_charged_before():
    steps = said("metered", READING | {"step_above_m3": "6000", "year_m3": "6100,5"})["steps"]

    assert steps["За год до этой строки начислено"] == "6 100,5 м³"
    assert steps["Цена для годового объёма свыше"] == "6 000 м³"


# Without readings

MEAN = {
    "meter": "0482117",
    "zone": "T1",
    "reason": "silent",
    "last_reading_on": "2026-03-25",
    "last_reading_m3": "1200",
    "months": [
        {"since": "2026-01-26", "until": "2026-02-26", "volume_m3": "200", "days": "31", "of_days": "31"},
        {"since": "2026-02-26", "until": "2026-03-26", "volume_m3": "90", "days": "14", "of_days": "28"},
    ],
    "total_m3": "290",
    "months_count": "1,5",
    "mean_m3": "193,333",
    "shares": [{"month": "2026-04", "days": "30", "of_days": "30"}],
}


def test_the_mean_shows_the_months_that_it_was_taken_from():
    told = said("average", MEAN | PRICED, amount="1860.64", volume="193.333", price="9.624")

    assert told["sentence"] == (
        "Показаний не передали, поэтому с 01.04.2026 по 30.04.2026 взят средний расход за прежние месяцы: 193,333 м³."
    )
    assert told["steps"]["Последнее показание, на 25.03.2026"] == "1 200"
    assert told["steps"]["В среднем за месяц"] == "290 ÷ 1,5 = 193,333 м³"
    [table] = told["tables"]
    assert table[1:] == [
        ["26.01–25.02.2026", "31", "200"],
        ["26.02–25.03.2026", "14 из 28", "90"],
        ["Всего", "", "290"],
    ]


def test_a_month_by_the_mean_names_its_own_days_and_those_before_them_that_wait_for_a_reading():
    told = said("average", MEAN | PRICED, volume="193.333", used_since=dt.date(2026, 3, 26))

    assert told["sentence"] == (
        "Показаний не передали, поэтому с 01.04.2026 по 30.04.2026 взят средний расход за прежние месяцы: 193,333 м³. "
        "За дни с 26.03.2026 по 31.03.2026 ничего не начислено: их посчитает следующее показание."
    )


def test_a_month_by_the_norm_names_its_own_days_and_those_before_them_that_it_settles():
    told = said(
        "norm", {"reasons": ["silent"], "line_since": "2026-04-01"}, volume="46.6", used_since=dt.date(2026, 3, 26)
    )

    assert told["sentence"] == (
        "Показаний не передали, поэтому с 01.04.2026 по 30.04.2026 расход взят по нормативу: 46,6 м³. "
        "За дни с 26.03.2026 по 31.03.2026 ничего не начислено."
    )


def test_the_norm_is_a_table_of_people_and_square_metres():
    people = {"unit": "person", "unit_name": "", "norm_m3": "23,3", "count": "2", "absent": "1", "days": "30"}
    area = {"unit": "m2", "unit_name": "отопление", "norm_m3": "8,1", "count": "60", "absent": "0", "days": "15"}
    inputs = {
        "reasons": ["unverified"],
        "meters": ["0482117"],
        "components": [
            people | {"of_days": "30", "volume_m3": "46,6", "source": "Приказ № 7"},
            area | {"of_days": "30", "volume_m3": "243", "source": "Приказ № 7"},
        ],
        "volume_m3": "289,6",
    }

    told = said("norm", inputs, volume="289.6")

    assert told["sentence"] == (
        "Истёк срок поверки счётчика, поэтому с 01.04.2026 по 30.04.2026 расход взят по нормативу: 289,6 м³."
    )
    assert told["steps"]["Временно отсутствовали и не посчитаны"] == "1 человек"
    assert told["steps"]["Норматив установлен"] == "Приказ № 7"
    [table] = told["tables"]
    assert table[1:] == [
        ["на человека", "2", "23,3", "30", "46,6"],
        ["отопление", "60", "8,1", "15 из 30", "243"],
        ["Всего", "", "", "", "289,6"],
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_meter", "Счётчика нет"),
        ("seal_damaged", "Повреждена пломба счётчика"),
        ("faulty", "Счётчик неисправен"),
        ("removed", "Счётчик снят на поверку или в ремонт"),
        ("silent", "Показаний не передали"),
        ("something new", "Показаний не передали"),
    ],
)
def test_each_reason_has_its_words(reason, words):
    assert said("norm", {"reasons": [reason]}, volume="1")["sentence"].startswith(words)


def correction_inputs(due_m3, due_rub):
    charged = {"kind": "average", "period": "2026-04", "days": "30", "of_days": "30"}
    return {
        "reading": READING,
        "due_m3": due_m3,
        "due_rub": due_rub,
        "charged": [charged | {"charge_id": "5", "volume_m3": "145", "amount_rub": "1395,48"}],
        "charged_m3": "145",
        "charged_rub": "1395,48",
    }


def test_a_correction_says_what_was_charged_what_should_have_been_and_the_difference():
    told = said("correction", correction_inputs("90", "866,16"), amount="-529.32", volume="-55")

    assert told["sentence"] == (
        "С 01.04.2026 по 30.04.2026 по показаниям израсходовано 90 м³, а начислено было за 145 м³. "
        "Лишнее вычтено: 529,32 ₽."
    )
    assert told["steps"]["Должно быть за эти дни"] == "90 м³, 866,16 ₽"
    assert told["steps"]["Было начислено"] == "145 м³, 1 395,48 ₽"
    assert told["steps"]["Разница"] == "−55 м³, −529,32 ₽"
    [table] = told["tables"]
    assert table[1] == ["апрель 2026", "по среднему расходу", "30", "145", "1 395,48 ₽"]


def test_a_correction_names_the_days_that_keep_what_was_charged_for_them():
    """A meter that was silent for five months; July was charged by the norm and stays so (docs/adr/0152)."""
    reading = READING | {"taken_on": "2026-08-25", "since": "2026-03-26", "until": "2026-08-26", "volume_m3": "300"}
    july = {"kept": [{"since": "2026-07-01", "until": "2026-08-01"}]}
    line = {"line_since": "2026-03-26", "line_until": "2026-08-26", "reading": reading | july}

    told = said(
        "correction",
        correction_inputs("239,216", "2392,16") | line,
        amount="-1957.84",
        volume="-195.784",
        used_since=dt.date(2026, 3, 26),
        used_until=dt.date(2026, 8, 26),
    )

    assert told["sentence"].startswith("С 26.03.2026 по 25.08.2026 по показаниям израсходовано 239,216 м³,")
    assert told["sentence"].endswith("В строку не вошли дни 01.07–31.07.2026: они остаются, как были начислены.")
    assert told["steps"]["Начислено не по этому показанию"] == "01.07–31.07.2026"
    assert told["steps"]["Часть расхода за остальные дни"] == "300 × 122 / 153 = 239,216 м³"
    assert told["steps"]["Должно быть за эти дни"] == "239,216 м³, 2 392,16 ₽"


def test_a_line_of_a_correction_does_not_speak_of_days_beside_its_own():
    reading = READING | {"kept": [{"since": "2026-03-26", "until": "2026-04-01"}]}

    told = said("correction", correction_inputs("90", "866,16") | {"reading": reading}, amount="-5", volume="-1")

    assert "не вошли дни" not in told["sentence"]
    assert told["steps"]["Начислено не по этому показанию"] == "26.03–31.03.2026"


def test_a_reading_all_of_whose_days_are_charged_otherwise_says_so():
    told = said("correction", {"reading": READING | KEPT, "charged": []}, amount="0.00")

    assert told["sentence"].endswith("перерасчёта нет.")
    assert told["steps"]["Начислено не по этому показанию"] == "01.04–10.04.2026"


def test_a_correction_upwards_says_that_something_was_missing():
    told = said("correction", correction_inputs("200", "1924,80"), amount="529.32", volume="55")

    assert "Недостающее добавлено: 529,32 ₽." in told["sentence"]


def test_a_reading_that_changes_nothing_says_so():
    assert "перерасчёта нет" in said("correction", {"reading": READING, "charged": []}, amount="0.00")["sentence"]


@pytest.mark.parametrize(
    ("amount", "words"), [("-845.83", "вычтено: 845,83 ₽"), ("845.83", "начислена снова: 845,83 ₽")]
)
def test_days_that_were_none_are_named_with_what_went_back_for_them(amount, words):
    inputs = {
        "month": "2026-03",
        "undue": "average",
        "due_m3": "0",
        "due_rub": "0",
        "charged_m3": "84,583",
        "charged_rub": "845,83",
        "charged": [{"period": "2026-03", "kind": "average", "days": "21", "of_days": "36", "volume_m3": "84,583"}],
    }

    explained = said(Charge.Kind.CORRECTION, inputs, amount=amount, volume="-84.583")

    assert words in explained["sentence"]
    assert explained["tables"][0][1][2] == "21 из 36"


def test_a_month_that_staff_had_computed_anew_shows_both_ways_and_the_reason():
    due = {"kind": "metered", "since": "2026-04-01", "until": "2026-05-01", "volume_m3": "90", "amount_rub": "866,16"}
    charged = {
        "kind": "norm",
        "since": "2026-04-01",
        "until": "2026-05-01",
        "volume_m3": "145",
        "amount_rub": "1395,48",
    }
    inputs = {"month": "2026-04", "reason": "Акт № 7", "due": [due], "due_rub": "866,16", "charged": [charged]}
    inputs |= {"charged_rub": "1395,48", "due_m3": "90", "charged_m3": "145"}

    for kind in ("correction", "benefit"):
        told = said(kind, inputs, amount="-529.32", volume="-55")

        assert told["sentence"] == (
            "Начисление за апрель 2026 пересчитано. За 01.04–30.04.2026 должно быть 866,16 ₽, а было начислено "
            "1 395,48 ₽."
        )
        assert told["steps"]["Причина"] == "Акт № 7"
        assert [table[1] for table in told["tables"]] == [
            ["по счётчику", "01.04–30.04.2026", "90", "866,16 ₽"],
            ["по нормативу", "01.04–30.04.2026", "145", "1 395,48 ₽"],
        ]

    assert "Льгота" not in told["steps"]
    assert said("benefit", inputs | {"name": "Ветеран труда"})["steps"]["Льгота"] == "Ветеран труда"


def test_a_volume_that_moved_between_yearly_steps_says_from_which_price_to_which():
    inputs = {"moved": "−105", "from_above_m3": "385", "to_above_m3": "0", "price": "9", "charged": []}

    told = said("correction", inputs, amount="-945.00", volume="-105")

    assert told["sentence"] == (
        "Цена зависит от объёма за год, а он после перерасчёта стал другим. Поэтому 105 м³ с 01.04.2026 по "
        "30.04.2026 считаются по другой цене: здесь они вычтены по прежней, это 945,00 ₽."
    )
    assert told["steps"]["Были начислены по цене для годового объёма свыше"] == "385 м³"
    assert told["steps"]["Теперь считаются по цене для годового объёма свыше"] == "0 м³"


# Money


def test_a_benefit_says_its_base_limit_share_and_who_pays_it_back():
    inputs = {
        "name": "Ветеран труда",
        "funded_by": "бюджет Смоленской области",
        "due_m3": "28",
        "monthly_limit_m3": "20",
        "is_limit_per_head": False,
        "limit_m3": "20",
        "base_m3": "20",
        "price": "4,37507",
        "share_percent": "50",
        "due_rub": "43,75",
        "given_rub": "0,00",
    }

    told = said("benefit", inputs, amount="-43.75", volume="20", price="4.37507", formula="20 м³ × … = 43,75 ₽")

    assert told["sentence"] == (
        "Льгота «Ветеран труда» уменьшает сумму на 43,75 ₽. Эти деньги поставщику возмещает бюджет Смоленской области."
    )
    assert told["formula"] == "20 м³ × … = 43,75 ₽"
    assert told["steps"] == {
        "Израсходовано": "28 м³",
        "Льгота в пределах, в месяц": "20 м³",
        "Предел за эти дни": "20 м³",
        "Объём, на который она даётся": "20 м³",
        "Цена": "4,37507 ₽/м³",
        "Доля": "50 %",
        "Льгота за эти дни": "43,75 ₽",
    }


def test_penalties_are_a_table_of_days_that_is_rounded_once():
    row = {"period": "2026-03", "from_delay_day": 31, "base": "2500", "rate_percent": "9,5"}
    inputs = {
        "days": [
            row | {"since": "2026-05-16", "until": "2026-07-15", "days": 60, "divisor": 300, "exact": "47,5"},
            row | {"since": "2026-07-15", "until": "2026-09-02", "days": 49, "divisor": 130, "exact": "89,5192"},
        ],
        "due": "137,02",
        "charged_before": "0",
    }

    told = said("penalty", inputs, amount="137.02", for_period=Month(2026, 9))

    assert told["sentence"].endswith("Чем дольше долг, тем больше эта часть.")

    [table] = told["tables"]
    assert table[1:] == [
        ["16.05–14.07.2026", "март 2026", "60", "2 500,00 ₽", "9,5 %", "1/300", "47,5 ₽"],
        ["15.07–01.09.2026", "март 2026", "49", "2 500,00 ₽", "9,5 %", "1/130", "89,5192 ₽"],
        ["Всего, округлено один раз", "", "", "", "", "", "137,02 ₽"],
    ]


def test_penalties_counted_anew_say_what_was_charged_before():
    told = said("penalty", {"days": [], "due": "10", "charged_before": "15"}, amount="-5", for_period=APRIL)

    assert told["sentence"] == (
        "Пени за дни, которые пришлись на апрель 2026, пересчитаны: стало известно об оплате, "
        "и они уменьшены на 5,00 ₽."
    )
    assert told["steps"] == {"Должно быть за эти дни": "10,00 ₽", "Уже было начислено": "15,00 ₽"}


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("250", "Долг, который был до того, как учёт начали вести здесь: 250,00 ₽."),
        ("-250", "Аванс, который был до того, как учёт начали вести здесь: 250,00 ₽."),
    ],
)
def test_an_opening_balance_is_a_debt_or_an_advance(amount, sentence):
    assert said("opening", {}, amount=amount)["sentence"] == sentence


def test_an_adjustment_gives_its_reason():
    told = said("adjustment", {"reason": "Ошибка в показании"}, amount="-50", for_period=Month(2026, 3))

    assert told["sentence"] == "Сотрудник поставщика уменьшил сумму на 50,00 ₽."
    assert told["steps"] == {"Причина": "Ошибка в показании", "За месяц": "март 2026"}


def test_the_tax_that_a_sum_contains_is_named():
    steps = said("fixed", {"vat_percent": "22", "vat_rub": "18,03"})["steps"]

    assert steps["В том числе НДС 22 %"] == "18,03 ₽"


# Whatever comes


@pytest.mark.parametrize("kind", Charge.Kind.values)
@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"unknown": {"deep": [1, None]}, "another": None},
        dict.fromkeys(("current_m3", "months", "components", "charged", "reading", "days", "reasons", "price")),
        dict.fromkeys(("current_m3", "volume_m3", "digits", "price", "due_m3", "due_rub", "mean_m3"), "not a number"),
        {"months": [{}], "components": [{}], "charged": [{}], "days": [{}], "factors": [{}], "shares": [{}]},
        READING | PRICED | WHOLE | {"kept": [{}, {"since": "2026-04-01", "until": "never"}], "line_m3": None},
        {"reading": {"kept": 5}, "due_m3": "5", "line_since": "2026-04-01", "line_until": "2026-05-01"},
        {"months": "text", "components": 5, "charged": {}, "days": True, "reading": [], "reasons": "x"},
    ],
)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_inputs_break_an_explanation(kind, inputs, language):
    with translation.override(language):
        explanation = explain(facts(kind, inputs, used_since=None, used_until=None))

    assert explanation.sentence
    assert [len(cells) for table in explanation.tables for cells in table.cards] == [
        len(table.head) for table in explanation.tables for _row in table.rows
    ]


def test_english_numbers_stand_in_the_formula():
    with translation.override("en"):
        told = said("metered", READING | PRICED, amount="9624.00", volume="1000", price="9.624")

    assert told["formula"].startswith("1,000 ")
    assert told["formula"].endswith("9,624.00 ₽")


def test_a_snapshot_gives_the_facts_back():
    original = facts("correction", {"a": ["1"]}, volume="-5", price="9.624", for_period=Month(2026, 3))

    assert ChargedFacts.from_snapshot(original.as_snapshot()) == original


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("96.43", "Объём перешёл на другую ступень цены. Льгота «Ветеран» по прежней цене снята: это 96,43 ₽."),
        ("-75.00", "Объём перешёл на другую ступень цены. Льгота «Ветеран» по новой цене: 75,00 ₽."),
    ],
)
def test_the_benefit_of_a_volume_that_moved_between_steps_says_so(amount, sentence):
    assert said("benefit", {"name": "Ветеран", "moved": "21,429"}, amount=amount)["sentence"] == sentence
