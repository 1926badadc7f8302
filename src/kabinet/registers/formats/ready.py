"""Profiles that come with this version of the portal: shapes of files that suppliers and banks are known to have.

One JSON file each in `registers/reference`; where its shape was found stands in docs/run/register-formats.md.
"""

import json
from pathlib import Path

from kabinet.registers.formats.profile import Profile

SHIPPED = Path(__file__).resolve().parent.parent / "reference"


def _read(directory: Path) -> tuple[Profile, ...]:
    files = sorted(directory.glob("*.json"))
    return tuple(Profile.from_json(json.loads(file.read_text(encoding="utf-8"))) for file in files)


READY = _read(SHIPPED)
