"""The sentences that people read, and their translations: `python -m tests.messages` brings the catalogues up to date.

Russian is written in code and templates. locale/en translates every sentence; locale/ru holds plurals alone,
because only a catalogue can have three forms. Done with the parsers of Python and Django: a machine need not have
gettext.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "kabinet" / "locale"
SOURCES = ("src/kabinet", "demo")
PLURAL_FORMS = {
    "en": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
}
MARKERS = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}
"""The functions that mark a sentence, and how many of their arguments are texts."""

TEMPLATE_CALL = re.compile(
    r"""\b(?P<marker>n?p?gettext|_)\((?P<texts>(?:\s*u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,?)+)"""
)
PLACE = re.compile(r"%\((\w+)\)")


class Message(NamedTuple):
    """What gettext looks up: a sentence, in a context if it has one, with its plural if it counts something."""

    context: str | None
    singular: str
    plural: str | None


def collect() -> dict[Message, set[str]]:
    """Find every marked sentence, with the files in which it stands."""
    found: dict[Message, set[str]] = {}
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix == ".py" and not {"tests", "migrations"} & set(file.parts):
                messages = messages_of_code(file.read_text(), str(file))
            elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
                messages = messages_of_template(file.read_text(), str(file))
            else:
                continue
            for message in messages:
                found.setdefault(message, set()).add(str(file.relative_to(ROOT)))
    return found


def messages_of_code(text: str, file: str) -> Iterator[Message]:
    """Raises ValueError for a marked sentence that is glued together or computed: nobody could translate it."""
    tree = ast.parse(text)
    marker_of = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        marker = marker_of.get(node.func.id)
        if marker not in MARKERS:
            continue
        texts = [argument.value for argument in node.args[: MARKERS[marker]] if isinstance(argument, ast.Constant)]
        if len(texts) != MARKERS[marker]:
            raise ValueError(f"{file}:{node.lineno}: a marked sentence must be one plain string")
        yield make_message(marker, [str(text) for text in texts])


def messages_of_template(text: str, file: str) -> Iterator[Message]:
    if not settings.configured:
        settings.configure()
    for call in TEMPLATE_CALL.finditer(templatize(text, origin=file)):
        texts = ast.literal_eval(f"[{call['texts']}]")
        marker = "gettext" if call["marker"] == "_" else call["marker"]
        yield make_message(marker, texts[: MARKERS[marker]])


def make_message(marker: str, texts: list[str]) -> Message:
    context = texts.pop(0) if "p" in marker.removesuffix("gettext") else None
    return Message(context, texts[0], texts[1] if marker.startswith("n") else None)


def wanted_in(language: str, messages: dict[Message, set[str]]) -> dict[Message, set[str]]:
    if language == "ru":
        return {message: files for message, files in messages.items() if message.plural}
    return messages


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def update(language: str, messages: dict[Message, set[str]]) -> None:
    """Write the catalogue: new sentences empty, old ones as they were translated, those that are gone left out."""
    path = catalogue_of(language)
    old = {key_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": PLURAL_FORMS[language],
    }
    forms = 3 if language == "ru" else 2
    for message, files in sorted(wanted_in(language, messages).items(), key=lambda item: (sorted(item[1]), item[0][1])):
        entry = old.get(message) or polib.POEntry(
            msgctxt=message.context, msgid=message.singular, msgid_plural=message.plural or ""
        )
        entry.occurrences = [(file, "") for file in sorted(files)]
        if message.plural and not entry.msgstr_plural:
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def problems(language: str, messages: dict[Message, set[str]]) -> list[str]:
    """Say what is wrong with a catalogue, a sentence each."""
    path = catalogue_of(language)
    wanted = wanted_in(language, messages)
    if not path.exists():
        return [f"{language}: there is no catalogue"] if wanted else []
    entries = {key_of(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
    found = [f"{language}: not in the catalogue: {message.singular}" for message in wanted if message not in entries]
    for message, entry in entries.items():
        translations = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
        if message not in wanted:
            found.append(f"{language}: nobody says any more: {message.singular}")
        elif not all(translations):
            found.append(f"{language}: not translated: {message.singular}")
        elif entry.fuzzy:
            found.append(f"{language}: fuzzy: {message.singular}")
        elif strangers := {place for text in translations for place in PLACE.findall(text)} - set(
            PLACE.findall(f"{message.singular} {message.plural}")
        ):
            found.append(f"{language}: unknown place {', '.join(sorted(strangers))} in: {message.singular}")
    return found


if __name__ == "__main__":
    all_messages = collect()
    for name in PLURAL_FORMS:
        update(name, all_messages)
        for problem in problems(name, all_messages):
            sys.stdout.write(f"{problem}\n")
