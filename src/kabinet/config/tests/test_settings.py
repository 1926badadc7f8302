"""Settings: described, typed, and refused when wrong."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kabinet.config import environment

SOURCE = Path(environment.__file__).with_name("settings.py").read_text()
PAGE = (Path(environment.__file__).parents[3] / "docs" / "settings.md").read_text()


def test_every_setting_is_described_and_nothing_else() -> None:
    read = set(re.findall(r'environment\.\w+\(\s*"(\w+)"', SOURCE))
    described = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert set(described) == read
    assert described == sorted(described)


def test_a_password_of_the_database_is_no_part_of_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        environment.database("postgresql://kabinet:hunter2@[broken")

    assert "hunter2" not in str(raised.value)


def test_a_socket_folder_is_understood() -> None:
    parts = environment.database("postgresql:///kabinet?host=/run/a%20folder&user=kabinet_web")

    assert (parts["NAME"], parts["HOST"], parts["USER"]) == ("kabinet", "/run/a folder", "kabinet_web")


def test_ssl_stays_with_the_connection() -> None:
    parts = environment.database("postgresql://u:p@db.example:6432/kabinet?sslmode=verify-full")

    assert (parts["HOST"], parts["PORT"]) == ("db.example", "6432")
    assert parts["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(("value", "complaint"), [("yes", "expected 0 or 1"), ("", "expected 0 or 1")])
def test_a_flag_is_0_or_1(monkeypatch: pytest.MonkeyPatch, value: str, complaint: str) -> None:
    monkeypatch.setenv("KABINET_DEMO", value)

    with pytest.raises(ImproperlyConfigured, match=f"KABINET_DEMO={value}: {complaint}"):
        environment.flag("KABINET_DEMO")


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of the tests\n")
    monkeypatch.setenv("KABINET_SECRET_KEY_FILE", str(tmp_path / "key"))

    assert environment.secret("KABINET_SECRET_KEY") == "of the tests"


def test_a_file_that_is_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch()
    monkeypatch.setenv("KABINET_SBERBANK_CA_FILE", str(tmp_path / "root.pem"))
    assert environment.file("KABINET_SBERBANK_CA_FILE") == str(tmp_path / "root.pem")

    monkeypatch.setenv("KABINET_SBERBANK_CA_FILE", str(tmp_path / "other.pem"))
    with pytest.raises(ImproperlyConfigured, match="there is no such file"):
        environment.file("KABINET_SBERBANK_CA_FILE")
