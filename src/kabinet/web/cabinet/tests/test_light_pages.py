"""Pages leave compressed, for old phones on bad lines; what is no page leaves as it is."""

import gzip

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db

ASKED = {"HTTP_ACCEPT_ENCODING": "gzip"}


def test_a_page_is_compressed_for_who_asks(client):
    address = reverse("cabinet:sign_in")

    asked = client.get(address, **ASKED)
    plain = client.get(address)

    assert asked["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in asked["Vary"]
    assert "</html>" in gzip.decompress(asked.content).decode()
    assert "Content-Encoding" not in plain
    assert len(asked.content) < len(plain.content) / 2


def test_two_answers_to_one_question_differ_in_length(client):
    """So the length does not tell whether a guess stands on the page beside a secret (BREACH)."""
    lengths = {len(client.get(reverse("cabinet:sign_in"), **ASKED).content) for _ in range(10)}

    assert len(lengths) > 1


def test_what_is_no_page_leaves_as_it_is(client):
    assert "Content-Encoding" not in client.get(reverse("health_live"), **ASKED)
