"""A measured row, and how rows are printed and kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """ours and limit are in ``unit``; ``ratio`` is ours ÷ limit; ``reach``: ``≥ 0.6``, ``≤ 1.0`` or ``0.8–1.2``."""

    name: str
    ours: float
    limit: float
    unit: str
    reach: str

    @property
    def ratio(self) -> float:
        return self.ours / self.limit

    @property
    def is_reached(self) -> bool:
        if "–" in self.reach:
            least, greatest = map(float, self.reach.split("–"))
            return least <= self.ratio <= greatest
        sign, number = self.reach.split()
        return self.ratio >= float(number) if sign == "≥" else self.ratio <= float(number)


def table(rows: Sequence[Row]) -> str:
    """Lay rows out for a terminal."""
    lines = [("what", "ours", "limit or peer", "unit", "ratio", "reach", "")]
    lines += [
        (row.name, f"{row.ours:.1f}", f"{row.limit:.1f}", row.unit, f"{row.ratio:.2f}", row.reach, _verdict(row))
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def write_json(rows: Sequence[Row], path: Path) -> None:
    """Keep rows as a list of objects with name, ours, limit, unit, ratio, reach."""
    data = [{**asdict(row), "ratio": round(row.ratio, 4), "reached": row.is_reached} for row in rows]
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _verdict(row: Row) -> str:
    return "ok" if row.is_reached else "NOT REACHED"
