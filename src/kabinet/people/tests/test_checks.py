"""Production does not start without a pepper."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management.base import SystemCheckError

from kabinet.config.start import refuse_unsafe_settings
from kabinet.people.adapters.checks import pepper_is_usable
from kabinet.people.adapters.hashers import add_pepper, peppers


@pytest.fixture(autouse=True)
def pepper_file(settings, tmp_path):
    settings.PEPPER_FILE = tmp_path / "pepper"
    yield settings.PEPPER_FILE
    peppers.cache_clear()


def problems():
    peppers.cache_clear()
    return [problem.id for problem in pepper_is_usable()]


def test_the_pepper_of_the_command_is_fine(pepper_file):
    add_pepper(pepper_file)

    assert problems() == []


def test_a_missing_file_is_refused():
    assert problems() == ["people.E001"]


@pytest.mark.parametrize("content", ["", "pepper", "1:xyz", "one:00ff", b"\xff\xfe"])
def test_a_file_that_is_no_pepper_is_refused(pepper_file, content):
    pepper_file.write_bytes(content if isinstance(content, bytes) else content.encode())

    assert problems() == ["people.E001"]


@pytest.mark.parametrize(("length", "expected"), [(31, ["people.E002"]), (32, [])])
def test_a_short_pepper_is_refused(pepper_file, length, expected):
    pepper_file.write_text(f"1:{'ab' * length}\n2:{'ab' * 32}\n")
    pepper_file.chmod(0o640)

    assert problems() == expected


def test_a_pepper_that_everybody_may_read_is_warned_of(pepper_file):
    add_pepper(pepper_file)
    pepper_file.chmod(0o644)

    assert problems() == ["people.W001"]


def test_it_is_asked_of_production_only():
    everywhere = run_checks(tags=[Tags.security])
    in_production = run_checks(tags=[Tags.security], include_deployment_checks=True)

    assert "people.E001" not in [problem.id for problem in everywhere]
    assert "people.E001" in [problem.id for problem in in_production]


@pytest.mark.django_db
def test_a_process_of_production_refuses_to_start(settings, pepper_file):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    refuse_unsafe_settings()
    settings.DEMO = False

    with pytest.raises(SystemCheckError, match=r"people\.E001"):
        refuse_unsafe_settings()
