"""The question that tells people from robots where there are no scripts."""

NUMBER_WORDS = ["ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
                "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать",
                "восемнадцать"]  # fmt: skip
ENGLISH_NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
                        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
                        "eighteen"]  # fmt: skip


def number_said(text: str) -> int | None:
    """Read a number written in digits or in a word of either language."""
    said = text.strip().casefold()
    if said.isdecimal() and len(said) <= 3:
        return int(said)
    for words in (NUMBER_WORDS, ENGLISH_NUMBER_WORDS):
        if said in words:
            return words.index(said)
    return None
