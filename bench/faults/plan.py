"""How much each test injects: short for every change, normal for a laptop's quarter of an hour, long for a night."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plan:
    """repeats is of each named point; rings are of each of twenty payments and two events.

    has_controls  each test is followed by its control: what is known to find defects need not prove it at every change
    has_small_disk  this machine lets a test mount a disk that can be full
    """

    seed: int
    repeats: int
    kills: int
    server_kills: int
    rings: int
    mixed_s: float
    down_s: float
    rounds: int
    seeds: int
    has_controls: bool = True
    has_small_disk: bool = False


def short(seed: int) -> Plan:
    return Plan(
        seed, repeats=1, kills=4, server_kills=1, rings=50, mixed_s=8, down_s=4, rounds=10, seeds=0, has_controls=False
    )


def control(seed: int) -> Plan:
    """A little of everything: a planted defect shows at once."""
    return replace(short(seed), rings=25)


def normal(seed: int) -> Plan:
    return Plan(seed, repeats=3, kills=20, server_kills=3, rings=100, mixed_s=60, down_s=30, rounds=100, seeds=1000)


def long(seed: int) -> Plan:
    return Plan(
        seed, repeats=10, kills=200, server_kills=3, rings=1000, mixed_s=600, down_s=600, rounds=500, seeds=100_000
    )
