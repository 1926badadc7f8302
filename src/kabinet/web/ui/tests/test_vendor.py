"""Files of others are what their packages ship, and each has a licence."""

import hashlib
import json
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[3]
FOLDERS = (PACKAGE / "web/ui/static/ui/vendor", PACKAGE / "bills/fonts", PACKAGE.parents[1] / "tests/vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_file_has_the_sum_that_the_manifest_names(folder):
    named = {entry["file"]: entry["sha256"] for entry in json.loads((folder / "MANIFEST.json").read_text())}
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "MANIFEST.json"
    }

    assert found == named


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_each_package_has_its_version_and_the_text_of_its_licence(folder):
    entries = json.loads((folder / "MANIFEST.json").read_text())

    assert all(entry["version"] and entry["licence"] for entry in entries)
    for package in {entry["package"] for entry in entries}:
        files = [entry["file"] for entry in entries if entry["package"] == package]
        assert any("LICENSE" in file or "OFL" in file for file in files), package


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_the_manifest_names_no_address(folder):
    assert "://" not in (folder / "MANIFEST.json").read_text()
