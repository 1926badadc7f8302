"""Static files as browsers get them: one style sheet, one script, each with the hash of its content in its name.

The sources stay small: `kabinet.css` imports one sheet per component, `kabinet.js` one module per behaviour, and both
work as they are. Collecting puts the parts where the imports stand, so a visitor fetches two files instead of forty.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLES = ("ui/kabinet.css", "ui/kabinet.js")
CSS_IMPORT = re.compile(r'^@import url\("(?P<name>[\w.-]+)"\) layer\((?P<layer>\w+)\);$', re.MULTILINE)
JS_IMPORT = re.compile(r'^import "\./(?P<name>[\w.-]+)";$', re.MULTILINE)


class BundlingStorage(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Put the bundles together, then hash and compress everything."""
        if not dry_run:
            paths = {**paths, **{name: self._bundled(name, paths) for name in BUNDLES if name in paths}}
        yield from super().post_process(paths, dry_run, **options)

    def _bundled(self, name: str, paths: dict[str, Any]) -> tuple["BundlingStorage", str]:
        def part(part_name: str) -> str:
            storage, path = paths[f"ui/{part_name}"]
            with storage.open(path) as source:
                return source.read().decode()

        whole = bundle(part(name.removeprefix("ui/")), part)
        self.delete(name)
        self._save(name, ContentFile(whole.encode()))
        return self, name


def bundle(entry: str, part: Any) -> str:
    """Put each imported part where its import stands: a sheet into its layer, a module into a block of its own.

    part  gives the text of a file by its name
    """
    entry = CSS_IMPORT.sub(lambda found: f"@layer {found['layer']} {{\n{part(found['name'])}}}", entry)
    return JS_IMPORT.sub(lambda found: f"{{\n{part(found['name'])}}}", entry)
