"""The formats that one may choose for a file, each tried on its first lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from kabinet.common.errors import NotFound
from kabinet.registers import queries as registers
from kabinet.registers.formats.preview import Preview, preview
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.reading import FileRefused
from kabinet.registers.formats.ready import READY
from kabinet.registers.queries import RegisterRow
from kabinet.web.backoffice.views.registers.shown import reason_of

OWN, SHIPPED = "own", "ready"


@dataclass(frozen=True)
class KnownFormat:
    """A format that can be chosen.

    key         what the form sends
    profile_id  of one that staff have set; None for one that comes with the portal
    """

    key: str
    name: str
    profile: Profile
    profile_id: int | None = None


@dataclass(frozen=True)
class TriedFormat:
    """A format against the first lines of a file. reason: why it does not fit; empty when it does."""

    format: KnownFormat
    was_last: bool
    reason: str

    @property
    def fits(self) -> bool:
        return not self.reason


def known_formats(supplier_id: int, kind: str) -> list[KnownFormat]:
    """Give the formats of a supplier, then those that come with the portal."""
    own = [
        KnownFormat(f"{OWN}-{row.id}", row.name, row.profile, row.id)
        for row in registers.profiles_of([supplier_id], kind=kind)
    ]
    return [*own, *(known for known in ready_formats() if known.profile.kind == kind)]


def ready_formats() -> list[KnownFormat]:
    """Give the formats that come with the portal."""
    return [KnownFormat(f"{SHIPPED}-{number}", profile.name, profile) for number, profile in enumerate(READY)]


def known_format(supplier_id: int, kind: str, key: str) -> KnownFormat:
    """Give the format that a form has named. Raises NotFound."""
    for known in known_formats(supplier_id, kind):
        if known.key == key:
            return known
    raise NotFound


def usual_format(kind: str) -> KnownFormat:
    """Give our own format of a kind, whose headings are the names of the fields. Raises NotFound for no kind."""
    for known in ready_formats():
        if known.profile.kind == kind and known.name.startswith("kabinet"):
            return known
    raise NotFound


def tried_formats(register: RegisterRow, path: Path) -> Sequence[TriedFormat]:
    """Try every format on the first lines of a file: those that fit come first, the one used last before all."""
    used = registers.profile_used_last(register.supplier_id, register.kind)
    tried = [
        TriedFormat(known, bool(used and used[0] == known.name), _why_not(preview(path, known.profile)))
        for known in known_formats(register.supplier_id, register.kind)
    ]
    return sorted(tried, key=lambda each: (not each.fits, not each.was_last))


def _why_not(seen: Preview) -> str:
    """Say why a format does not fit: the file as a whole, or the first line that is wrong."""
    if seen.problem:
        return seen.problem
    wrong = next((line for line in seen.lines if not line.fits), None)
    if wrong is None:
        return "" if seen.lines else str(FileRefused(_("В файле нет ни одной строки.")))
    words = wrong.problem or next(reason_of(cell) for cell in wrong.cells if cell.problem)
    return str(FileRefused(words, wrong.line_no))
