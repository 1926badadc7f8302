"""./kabinet faults [--seed N] [--only NAME] [--short | --long]: hurt the product, and print what held."""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bench.faults import accrual, kills, plan, races, registers, simulate, small_disk, storms
from bench.faults.parts import DoesNotStart
from bench.faults.plan import Plan
from bench.faults.report import Outcome, table
from bench.faults.world import FOLDER, Base, Scene

Play = Callable[[Scene, Plan], tuple[str, list[str]]]


@dataclass(frozen=True)
class Test:
    """A test in a scene, and its control: the same or less of it with a defect that must be found by `proof`.

    proof  how a breach begins that shows this defect and no other
    """

    play: Play
    defect: str
    control: Play
    proof: str


TESTS = {
    "kill_web_mid_payment": Test(kills.kill_web_mid_payment, "forgets_key", kills.answered_alone, "I3"),
    "kill_task_worker": Test(kills.kill_task_worker, "forgets_jobs", kills.mailed_alone, "I7 job"),
    "kill_postgres": Test(kills.kill_postgres, "answers_first", kills.rings_alone, "I4"),
    "doorbell_storm": Test(storms.doorbell_storm, "asks_each_time", storms.doorbell_storm, "asked about"),
    "gateway_misbehaves": Test(storms.gateway_misbehaves, "forgets_key", storms.lost_answers, "I3"),
}
OTHERS = {
    "two_at_once": races.run,
    "simulator": simulate.run,
    "accrual_killed": accrual.run,
    "import_interrupted": registers.run,
}
#: These wait for somebody's patience to end most of the time: some at once are as hard on two cores as one. The others
#: want the machine for themselves: they end the server of all, measure how long an answer takes, or use both cores.
BESIDE = ("gateway_misbehaves", "kill_web_mid_payment", "kill_task_worker", "two_at_once")
LANES = 2
#: Left out unless it is named or the long form is asked for: the short form runs at every change in four minutes, the
#: normal one on a laptop in twenty-five.
LEFT_OUT = {"short": {"accrual_killed", "import_interrupted"}, "normal": {"accrual_killed"}, "long": set[str]()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="./kabinet faults", description=__doc__)
    parser.add_argument("--seed", type=int, help="of everything random; without it a new one, which is printed")
    parser.add_argument("--only", choices=[*TESTS, *OTHERS], metavar="NAME", help=", ".join([*TESTS, *OTHERS]))
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="some minutes: a few of everything")
    size.add_argument("--long", action="store_true", help="hours: the full counts")
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    size_name = "short" if arguments.short else "long" if arguments.long else "normal"
    chosen = {"short": plan.short, "normal": plan.normal, "long": plan.long}[size_name](seed)
    print(f"seed {seed}", flush=True)

    usual = [name for name in [*TESTS, *OTHERS] if name not in LEFT_OUT[size_name]]
    names = [arguments.only] if arguments.only else usual
    if "import_interrupted" in names and small_disk.may_be_had():
        small_disk.enter_own_mounts()  # before the server and the first thread
        chosen = replace(chosen, has_small_disk=True)

    with Base() as base:
        outcomes = _play_all(base, names, chosen)
    _print(outcomes, seed)
    sys.exit(0 if all(outcome.has_held for outcome in outcomes) else 1)


def _play_all(base: Base, names: Sequence[str], chosen: Plan) -> list[Outcome]:
    """Play what may be played side by side so, and the others one after the other; give the rows in their order."""

    def play(name: str) -> list[Outcome]:
        rows = _test(base, name, TESTS[name], chosen) if name in TESTS else OTHERS[name](base, chosen)
        for row in rows:
            words = f"held: {row.verdict}, {row.seconds:.0f} s"
            print(f"… {row.name}: {words}", file=sys.stderr, flush=True)
        return rows

    beside = [name for name in BESIDE if name in names]
    with ThreadPoolExecutor(LANES) as lanes:
        played = dict(zip(beside, lanes.map(play, beside), strict=True))
    played |= {name: play(name) for name in names if name not in played}
    return [row for name in names for row in played[name]]


def _test(base: Base, name: str, test: Test, chosen: Plan) -> list[Outcome]:
    played = _play(base, name, test.play, chosen)
    if not chosen.has_controls:
        return [played]
    control = _play(base, name, test.control, plan.control(chosen.seed), planted=test.defect)
    proofs = [words for words in control.story if words.startswith(test.proof) or f" {test.proof}" in words]
    found = f"control: {test.defect} is found" if proofs else f"control: {test.defect} IS NOT FOUND"
    return [
        played,
        Outcome(f"  {found}", control.injected, bool(proofs), control.seconds, () if proofs else control.story),
    ]


def _play(base: Base, name: str, play: Play, chosen: Plan, *, planted: str = "") -> Outcome:
    began = time.monotonic()
    try:
        with base.scene(name, planted=planted) as scene:
            injected, found = play(scene, chosen)
    except (DoesNotStart, TimeoutError, OSError) as failure:
        injected, found = "broken off", [f"{type(failure).__name__}: {failure}"]
    return Outcome(name, injected, not found, time.monotonic() - began, found)


def _print(outcomes: list[Outcome], seed: int) -> None:
    for outcome in outcomes:
        if not outcome.has_held:
            print(f"\n{outcome.name.strip()} did not hold:")
            print("\n".join(f"  {words}" for words in outcome.story))
            print(f"  logs: {FOLDER}; again: ./kabinet faults --seed {seed} --only NAME")
    print(f"\n{table(outcomes)}\n\nseed {seed}")


if __name__ == "__main__":
    main()
