"""How passwords are kept."""

import pytest
from django.contrib.auth import hashers
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from kabinet.people.adapters.hashers import PepperedArgon2Hasher, add_pepper, peppers


@pytest.fixture(autouse=True)
def pepper_file(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["kabinet.people.adapters.hashers.PepperedArgon2Hasher"]
    settings.PEPPER_FILE = tmp_path / "data" / "pepper"
    add_pepper(settings.PEPPER_FILE)
    yield settings.PEPPER_FILE
    peppers.cache_clear()


def test_a_password_is_argon2id_with_the_advised_parameters():
    stored = hashers.make_password("parol5")

    assert stored.startswith("peppered_argon2id$1$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashers.check_password("parol5", stored)
    assert not hashers.check_password("parol6", stored)


def test_without_the_pepper_the_stored_hash_does_not_fit(pepper_file):
    stored = hashers.make_password("parol5")
    pepper_file.unlink()
    add_pepper(pepper_file)

    assert not hashers.check_password("parol5", stored)


def test_with_two_peppers_old_passwords_work_and_move_to_the_new_one(pepper_file):
    stored = hashers.make_password("parol5")
    assert add_pepper(pepper_file) == 2
    moved = []

    assert hashers.check_password(
        "parol5", stored, setter=lambda password: moved.append(hashers.make_password(password))
    )

    assert moved[0].startswith("peppered_argon2id$2$")
    assert hashers.check_password("parol5", moved[0])


def test_a_password_of_a_pepper_that_is_gone_fits_nothing(pepper_file):
    stored = hashers.make_password("parol5").replace("$1$", "$9$")

    assert not hashers.check_password("parol5", stored)


def test_weaker_parameters_are_renewed():
    class Weaker(PepperedArgon2Hasher):
        memory_kib = 64

    stored = Weaker().encode("parol5", "a salt of some length")

    assert hashers.check_password("parol5", stored)
    assert PepperedArgon2Hasher().must_update(stored)
    assert not PepperedArgon2Hasher().must_update(hashers.make_password("parol5"))


def test_the_pepper_is_for_its_owner_only(pepper_file):
    assert pepper_file.stat().st_mode & 0o777 == 0o600
    assert [child.name for child in pepper_file.parent.iterdir()] == ["pepper"]


def test_a_missing_or_broken_pepper_is_said_by_name(pepper_file):
    pepper_file.write_text("nonsense")
    peppers.cache_clear()

    with pytest.raises(ImproperlyConfigured, match="pepper"):
        hashers.make_password("parol5")


def test_the_command_makes_a_pepper_once_when_asked_so(pepper_file, capsys):
    call_command("add_pepper", "--if-missing")
    assert len(peppers(pepper_file)) == 1

    call_command("add_pepper")

    assert len(peppers(pepper_file)) == 2


def test_an_unusable_password_is_never_right():
    assert not hashers.check_password("parol5", hashers.make_password(None))
