"""How the audit trail is chained. Plain values in and out."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any


def chained_sha256(previous_sha256: str, entries: Iterable[dict[str, Any]]) -> str:
    """Give the hash of a seal: of the one before it, then of each entry's fields by name, in the order of ids."""
    digest = hashlib.sha256(previous_sha256.encode())
    for entry in entries:
        digest.update(json.dumps(entry, sort_keys=True, ensure_ascii=False, default=str).encode())
    return digest.hexdigest()
