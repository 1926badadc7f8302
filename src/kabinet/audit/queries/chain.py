"""How entries are chained, and whether the chain still holds."""

from collections.abc import Iterator
from typing import Any

from kabinet.audit.models import Entry, Seal
from kabinet.audit.rules import chained_sha256


def entries_between(after_id: int, up_to_id: int) -> Iterator[dict[str, Any]]:
    """Give entries with ``after_id < id <= up_to_id`` as plain values, in the order of ids."""
    entries = Entry.objects.filter(id__gt=after_id, id__lte=up_to_id).order_by("id").values()
    return (dict(entry) for entry in entries.iterator(chunk_size=2000))


def broken_seals() -> list[Seal]:
    """Recompute the whole chain and give the seals that no longer fit; none when nobody touched the trail."""
    broken, previous_sha256, previous_id = [], "", 0
    for seal in Seal.objects.order_by("last_entry_id"):
        if chained_sha256(previous_sha256, entries_between(previous_id, seal.last_entry_id)) != seal.sha256:
            broken.append(seal)
        previous_sha256, previous_id = seal.sha256, seal.last_entry_id
    return broken


def latest_seal() -> Seal | None:
    return Seal.objects.order_by("-last_entry_id").first()


def has_seal(sha256: str) -> bool:
    """Tell whether a seal that was kept elsewhere is still in the chain: a chain cut short holds by itself."""
    return Seal.objects.filter(sha256=sha256).exists()
