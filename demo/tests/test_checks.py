"""The check that refuses the demonstration where real people are served."""

import pytest
from django.test import override_settings

from demo.checks import only_as_a_demonstration


def problems():
    return [problem.id for problem in only_as_a_demonstration()]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_a_demonstration_on_this_machine_is_fine(url):
    with override_settings(DEMO=True, PUBLIC_URL=url):
        assert problems() == []


@pytest.mark.parametrize("url", ["https://lk.example.ru", "http://192.168.1.10:8000", "http://0.0.0.0:8000", ""])
def test_a_demonstration_that_others_could_reach_is_refused(url):
    with override_settings(DEMO=True, PUBLIC_URL=url):
        assert problems() == ["demo.E002"]


def test_the_demonstration_in_production_is_refused():
    with override_settings(DEMO=False, PUBLIC_URL="http://127.0.0.1:8000"):
        assert problems() == ["demo.E001"]
