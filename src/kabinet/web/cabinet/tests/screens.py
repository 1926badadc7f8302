"""Read a page as a person would: its words, at a given day."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from unittest import mock

from django.http import HttpResponse
from django.utils import timezone

from kabinet.common.testing import at


@contextmanager
def shown_on(day: str) -> Iterator[dt.datetime]:
    """Let the clock at the door of every request show noon of a day in Moscow."""
    now = at(f"{day} 12:00")
    with mock.patch.object(timezone, "now", return_value=now):
        yield now


def text_of(response: HttpResponse) -> str:
    """Give the visible words of a page in one line, with plain spaces."""
    page = response.content.decode()
    page = re.sub(r"(?s)<(script|style|svg|head)\b.*?</\1>|<!--.*?-->", " ", page)
    words = unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+([.,])", r"\1", re.sub(r"[\s\u00a0\u202f]+", " ", words)).strip()
