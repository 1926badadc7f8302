"""The formats that staff of suppliers have set."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.common.errors import NotFound
from kabinet.people.queries.staff import staff_name
from kabinet.registers.formats.profile import Profile
from kabinet.registers.models import FormatProfile, Register


@dataclass(frozen=True)
class ProfileRow:
    """A format that staff have set."""

    id: int
    supplier_id: int
    kind: str
    kind_name: str
    name: str
    version: int
    changed_by: str
    changed_at: dt.datetime
    profile: Profile


def profiles_of(supplier_ids: Sequence[int] | None, *, kind: str = "") -> list[ProfileRow]:
    """List the formats that staff of suppliers have set; None: of every supplier."""
    rows = FormatProfile.objects.filter(is_removed=False).select_related("changed_by")
    if supplier_ids is not None:
        rows = rows.filter(supplier_id__in=supplier_ids)
    if kind:
        rows = rows.filter(kind=kind)
    return [_profile(row) for row in rows.order_by("kind", "name", "id")]


def profile_of(supplier_id: int, profile_id: int) -> ProfileRow:
    """Give a format. Raises NotFound."""
    rows = FormatProfile.objects.filter(supplier_id=supplier_id, id=profile_id, is_removed=False)
    row = rows.select_related("changed_by").first()
    if row is None:
        raise NotFound
    return _profile(row)


def profile_used_last(supplier_id: int, kind: str) -> tuple[str, Profile] | None:
    """Give the name and the format by which a file of a kind was applied last; None when none was."""
    rows = Register.objects.filter(supplier_id=supplier_id, kind=kind, applied_at__isnull=False)
    last = rows.order_by("-applied_at").first()
    return (last.profile_name, Profile.from_json(last.profile)) if last and last.profile else None


def _profile(row: FormatProfile) -> ProfileRow:
    return ProfileRow(
        id=row.id,
        supplier_id=row.supplier_id,
        kind=row.kind,
        kind_name=str(row.get_kind_display()),
        name=row.name,
        version=row.version,
        changed_by=staff_name(row.changed_by),
        changed_at=row.changed_at,
        profile=Profile.from_json(row.spec),
    )
