"""What is always true of the repository itself."""

import ast
import hashlib
import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.messages import PLURAL_FORMS, Message, collect, messages_of_code, messages_of_template, problems

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kabinet"
CODE = [file for folder in ("src", "sandbox", "demo", "bench", "tests") for file in (ROOT / folder).rglob("*.py")]


def test_locks_name_no_address():
    """A registry's address in a lock would be the one of whoever made it."""
    locks = list(ROOT.glob("*.lock"))

    assert {"requirements.lock", "requirements-dev.lock", "requirements-uv.lock"} <= {lock.name for lock in locks}
    assert [lock.name for lock in locks if "://" in lock.read_text()] == []


def test_every_package_in_a_lock_has_its_hashes():
    for lock in ROOT.glob("requirements*.lock"):
        pins = [line for line in lock.read_text().splitlines() if "==" in line and not line.startswith(("#", " "))]

        assert pins
        assert [pin for pin in pins if not pin.endswith("\\")] == []


def test_the_locks_agree():
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith(("#", " "))}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "manager", "managers", "misc", "common_utils"])
def test_no_module_is_called(name):
    """A name that takes anything says nothing (style.md 1)."""
    assert [file for file in CODE if name in {file.stem, *file.relative_to(ROOT).parts[:-1]}] == []


def test_all_six_contracts_about_imports_are_there():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert [contract["id"] for contract in contracts] == ["tree", "app", "web", "rules", "ledger", "programs"]


def test_every_use_case_is_one_function_named_like_its_file():
    for file in PACKAGE.glob("*/usecases/*.py"):
        if file.stem == "__init__":
            continue
        functions = [node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)]
        public = [name for name in functions if not name.startswith("_")]

        assert public == [file.stem], file


def test_every_migration_says_what_it_does_in_its_name():
    assert [file for file in PACKAGE.glob("*/migrations/*.py") if "_auto_" in file.name] == []


def test_every_vendored_file_is_the_one_of_its_manifest():
    manifests = [
        file for folder in ("src", "tests", "sandbox", "demo") for file in (ROOT / folder).rglob("MANIFEST.json")
    ]
    assert manifests

    for manifest in manifests:
        for entry in json.loads(manifest.read_text()):
            content = (manifest.parent / entry["file"]).read_bytes()

            assert hashlib.sha256(content).hexdigest() == entry["sha256"], entry["file"]
            assert entry["licence"]
            assert entry["version"]


def test_every_app_is_listed_in_the_tree_of_imports():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    listed = " ".join(contracts[0]["layers"])

    for folder in PACKAGE.iterdir():
        if (folder / "__init__.py").exists():
            assert folder.name in listed


def test_nothing_generated_or_local_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("this is not a checkout")

    unwanted = (".mo", ".pyc", ".sqlite3", ".log", "/uv.lock", "/pylock.toml", "/.env")
    assert [name for name in tracked.stdout.splitlines() if f"/{name}".endswith(unwanted)] == []


# Translations


@pytest.mark.parametrize("language", PLURAL_FORMS)
def test_every_sentence_is_translated(language):
    """`python -m tests.messages` brings the catalogues up to date and lists what is left to translate."""
    assert problems(language, collect()) == []


def test_sentences_are_found_in_code():
    code = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
_("Оплатить")
ngettext("%(n)s рубль", "%(n)s рублей", n)
pgettext("месяц", "Май")
unmarked("Нет")
"""
    assert list(messages_of_code(code, "here.py")) == [
        Message(None, "Оплатить", None),
        Message(None, "%(n)s рубль", "%(n)s рублей"),
        Message("месяц", "Май", None),
    ]


def test_a_glued_sentence_is_refused():
    with pytest.raises(ValueError, match=r"here\.py:2: a marked sentence must be one plain string"):
        list(messages_of_code('from django.utils.translation import gettext as _\n_(f"Вы должны {sum}")', "here.py"))


def test_sentences_are_found_in_templates():
    template = """{% load i18n %}<p title="{% translate "Подсказка" %}">{{ _("Дата")|upper }}
{% blocktranslate count n=x trimmed %}
  {{ n }} счёт
{% plural %}
  {{ n }} счетов
{% endblocktranslate %}{% translate "Май" context "месяц" %}"""

    assert set(messages_of_template(template, "here.html")) == {
        Message(None, "Подсказка", None),
        Message(None, "Дата", None),
        Message(None, "%(n)s счёт", "%(n)s счетов"),
        Message("месяц", "Май", None),
    }
