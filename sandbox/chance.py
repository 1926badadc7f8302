"""Chance that repeats: every value follows from the seed and from what it is for, never from the order of calls."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Chance:
    seed: int

    def hex(self, length: int, *purpose: object) -> str:
        """`length` hexadecimal digits, at most 64."""
        return hashlib.sha256(repr((self.seed, *purpose)).encode()).hexdigest()[:length]

    def digits(self, length: int, *purpose: object) -> str:
        """`length` decimal digits."""
        return str(int(self.hex(32, *purpose), 16) % 10**length).zfill(length)

    def between(self, low: int, high: int, *purpose: object) -> int:
        """A whole number, both ends included."""
        return low + int(self.hex(16, *purpose), 16) % (high - low + 1)

    def happens(self, rate: float, *purpose: object) -> bool:
        """True in `rate` of all cases: 0 never, 1 always."""
        return int(self.hex(13, *purpose), 16) < rate * 16**13
