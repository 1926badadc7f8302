"""Sentences in Russian and in English: nothing is lost between them."""

import re
from collections import Counter

import polib
import pytest
from django.utils.translation import ngettext, override

from tests.messages import PLURAL_FORMS, catalogue_of

CATALOGUES = {language: list(polib.pofile(str(catalogue_of(language)))) for language in PLURAL_FORMS}

CYRILLIC = re.compile(r"[А-ЯЁа-яё]+")
SAID_IN_RUSSIAN = {
    *("ИЗВЕЩЕНИЕ", "ЛИЦЕВОЙ", "СЧЕТ", "л", "с", "А", "ГАЗ", "Я"),
    *("КонецФайла", "имя", "лицевой", "счёт", "поставщик", "номер", "обращения", "ленина", "кв"),
    *("Наш", "платежа", "Лицевой", "Сумма", "Номер", "операции", "Почему", "не", "принято"),
}
"""What an English reader looks for on Russian paper or in a file, types as it is, and the letters of an example."""


def translated(language: str) -> list[tuple[str, str]]:
    """Give pairs of a sentence and its translation, of counted ones each form."""
    pairs = []
    for entry in CATALOGUES[language]:
        if entry.msgid_plural:
            sources = [entry.msgid] + [entry.msgid_plural] * (len(entry.msgstr_plural) - 1)
            pairs += zip(sources, entry.msgstr_plural.values(), strict=True)
        else:
            pairs.append((entry.msgid, entry.msgstr))
    return pairs


@pytest.mark.parametrize("language", CATALOGUES)
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(r"%\(\w+\)[a-z]|%%", id="places"),
        pytest.param(r"</?(?:a|strong)\b[^<>]*>", id="tags"),
        pytest.param(r"^\s+|\s+$|\n\n", id="paragraphs"),
    ],
)
def test_a_translation_keeps_all_that_is_not_words(part, language):
    def parts(text: str) -> Counter[str]:
        return Counter(re.findall(part, text))

    assert [pair for pair in translated(language) if parts(pair[0]) != parts(pair[1])] == []


def test_the_reader_is_addressed_in_one_way():
    assert [text for text, _ in translated("en") if re.search(r"(?<!по-)\b(вы|вас|вам|вами|ваш\w*)\b", text)] == []


def test_english_is_english():
    assert [text for _, text in translated("en") if set(CYRILLIC.findall(text)) - SAID_IN_RUSSIAN] == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_what_is_counted_has_every_form(language):
    forms = int(PLURAL_FORMS[language].removeprefix("nplurals=")[0])

    counted = [entry for entry in CATALOGUES[language] if entry.msgid_plural]
    assert counted
    assert [entry.msgid for entry in counted if sorted(entry.msgstr_plural) != list(range(forms))] == []


@pytest.mark.parametrize(
    ("one", "many", "said"),
    [
        (
            "Остался %(days)s день.",
            "Осталось %(days)s дней.",
            ["Остался 1 день.", "Осталось 2 дня.", "Осталось 5 дней.", "Осталось 11 дней.", "Остался 21 день."],
        ),
        (
            "Ещё %(count)s счётчик",
            "Ещё %(count)s счётчиков",
            ["Ещё 1 счётчик", "Ещё 2 счётчика", "Ещё 5 счётчиков", "Ещё 11 счётчиков", "Ещё 21 счётчик"],
        ),
        (
            "Остался %(left)s резервный код.",
            "Осталось %(left)s резервных кодов.",
            [
                "Остался 1 резервный код.",
                "Осталось 2 резервных кода.",
                "Осталось 5 резервных кодов.",
                "Осталось 11 резервных кодов.",
                "Остался 21 резервный код.",
            ],
        ),
        (
            "%(count)s минуту",
            "%(count)s минуты",
            ["1 минуту", "2 минуты", "5 минут", "11 минут", "21 минуту"],
        ),
        (
            "%(count)s секунду",
            "%(count)s секунды",
            ["1 секунду", "2 секунды", "5 секунд", "11 секунд", "21 секунду"],
        ),
    ],
)
def test_russian_counts_in_three_forms(one, many, said):
    place = re.search(r"\w+", one[one.index("%") :])[0]
    with override("ru"):
        assert [ngettext(one, many, number) % {place: number} for number in (1, 2, 5, 11, 21)] == said


def test_english_counts_in_two_forms():
    with override("en"):
        said = [ngettext("%(count)s минуту", "%(count)s минуты", number) % {"count": number} for number in (1, 2, 21)]
    assert said == ["1 minute", "2 minutes", "21 minutes"]
