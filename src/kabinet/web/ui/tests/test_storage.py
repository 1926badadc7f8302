"""Static files are collected into one sheet and one script, small enough for a first visit."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from kabinet.web.ui.storage import bundle

STATIC = Path(__file__).parent.parent / "static/ui"
FIRST_VISIT_BYTES = 60_000


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Collect what is ours; Django's own files would only cost time."""
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "kabinet.web.ui.storage.BundlingStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command(
            "collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin", "lucide", "procrastinate"]
        )
    return folder


def test_a_sheet_goes_into_its_layer_and_a_module_into_a_block():
    assert bundle('@import url("a.css") layer(base);\n', lambda name: f"/* {name} */\n") == (
        "@layer base {\n/* a.css */\n}\n"
    )
    assert bundle('import "./a.js";\n', lambda name: f"// {name}\n") == "{\n// a.js\n}\n"


def test_every_sheet_and_module_is_imported():
    imported = set(
        re.findall(
            r'"(?:\./)?([\w.-]+\.(?:css|js))"',
            "".join((STATIC / name).read_text() for name in ("kabinet.css", "kabinet.js")),
        )
    )

    assert imported == {path.name for path in STATIC.iterdir() if path.suffix in {".css", ".js"}} - {
        "kabinet.css",
        "kabinet.js",
    }


def test_the_collected_sheet_is_whole_and_its_fonts_are_there(collected):
    sheet = next(path for path in (collected / "ui").glob("kabinet.*.css"))
    text = sheet.read_text()

    assert "@import" not in text
    assert "@layer components {" in text
    for font in re.findall(r'url\("(vendor/[^"]+)"\)', text):
        assert (collected / "ui" / font).exists()


def test_a_first_visit_fits_the_budget(collected):
    files = [
        next((collected / "ui").glob(pattern))
        for pattern in (
            "kabinet.*.css",
            "kabinet.*.js",
            "vendor/htmx/htmx.min.*.js",
            "vendor/interestfor/interestfor.min.*.js",
            "icon.*.svg",
        )
    ]

    assert sum(len(brotli.compress(file.read_bytes())) for file in files) < FIRST_VISIT_BYTES / 2
