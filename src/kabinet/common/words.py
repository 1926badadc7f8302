"""Days and months in words, as the reader's language writes them."""

from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

from kabinet.common.month import Month


def month_words(month: Month) -> str:
    """Write a month: «октябрь 2026», "October 2026"."""
    words = format_date(month.first_day, "F\N{NO-BREAK SPACE}Y")
    return words.lower() if (get_language() or "ru").startswith("ru") else words
