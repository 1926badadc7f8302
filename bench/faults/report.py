"""What a fault test says: how much it injected, whether it held, how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Outcome:
    """One row. `story` says what broke, or with what the control was found out.

    was_tried  False where this machine does not allow the fault: nothing is known then, and nothing has failed
    """

    name: str
    injected: str
    has_held: bool
    seconds: float
    story: Sequence[str] = field(default_factory=tuple)
    was_tried: bool = True

    @property
    def verdict(self) -> str:
        return "NOT TRIED" if not self.was_tried else "yes" if self.has_held else "NO"


def table(outcomes: Sequence[Outcome]) -> str:
    """Lay the rows out for a terminal."""
    lines = [("test", "injected", "held", "seconds")]
    lines += [(outcome.name, outcome.injected, outcome.verdict, f"{outcome.seconds:.0f}") for outcome in outcomes]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
