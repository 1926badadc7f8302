"""Test 8: the worker is killed in the middle of an accrual, computing and posting; every row is as without it."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.faults.parts import Part
from bench.faults.plan import Plan
from bench.faults.report import Outcome
from bench.faults.world import Base
from kabinet.supervisor import programs
from kabinet.supervisor.demonstration import OWNER
from kabinet.supervisor.postgres import SUPERUSER

STARTS_AT_ONCE = 2
RUN_TIMEOUT_S = 3600

#: Every row that an accrual leaves behind, by what it is about: ids that a repeated batch takes anew are left out.
ROWS = {
    "charges": """
        SELECT account.number, service.code, charge.period, line_no, kind, volume_m3, price_rub_per_m3, amount_rub,
               settled_rub, formula, inputs, rule_source, meter_id, scale_id, reading_id, used_since, used_until,
               for_period, charged_on
        FROM charges_charge AS charge
        JOIN accounts_account AS account ON account.id = charge.account_id
        JOIN suppliers_service AS service ON service.id = charge.service_id
    """,
    "transfers": """
        SELECT debit.kind, debit.account_id, debit.service_id, credit.kind, credit.account_id, credit.service_id,
               transfer.amount_rub, transfer.kind, transfer.period, occurred_on, source_kind, transfer.line_no,
               charge.period, charge.line_no
        FROM ledger_transfer AS transfer
        JOIN ledger_book AS debit ON debit.id = transfer.debit_book_id
        JOIN ledger_book AS credit ON credit.id = transfer.credit_book_id
        LEFT JOIN charges_charge AS charge ON source_kind = 'charge' AND charge.id::text = source_id
    """,
    "balances": """
        SELECT account_id, service_id, balance_rub
        FROM ledger_bookbalance AS balance JOIN ledger_book AS book ON book.id = balance.book_id
    """,
    "allocations": """
        SELECT charge.account_id, charge.service_id, charge.period, charge.line_no, allocation.amount_rub, rule
        FROM charges_allocation AS allocation JOIN charges_charge AS charge ON charge.id = allocation.charge_id
    """,
    "proofs": "SELECT account_id, kind, source, value_hash FROM accounts_proofvalue",
    "drafts": "SELECT account_id, service_id, line_no FROM charges_draftcharge",
    "oddities": "SELECT account_id, kind, details FROM charges_oddity",
    "runs": "SELECT period, kind, state FROM charges_accrualrun",
    "batches": "SELECT number, accounts_count, summary FROM charges_accrualbatch",
    "letters to come": "SELECT name, payload ->> 'period' FROM outbox_recordedfact WHERE name LIKE 'charges.%'",
}

Rows = dict[str, tuple[int, int]]
"""Of each kind of rows, how many there are and the sum of their hashes."""


@dataclass(frozen=True)
class Size:
    accounts: int
    kills: int


def run(base: Base, plan: Plan) -> list[Outcome]:
    """Accrue one world twice, once undisturbed; compare all rows, and show that a kopeck less would be noticed."""
    size = _size(plan)
    began = time.monotonic()
    with _world(base, size.accounts) as world:
        with copied(base, world, "undisturbed") as database:
            expected, _ = _accrue(base, database, kills=0, chance=random.Random(plan.seed))
            unnoticed = _unnoticed(base, database, expected)
        with copied(base, world, "disturbed") as database:
            found, story = _accrue(base, database, kills=size.kills, chance=random.Random(plan.seed))
    story += [
        f"{name} differ: {found[name]}, expected {rows}" for name, rows in expected.items() if found[name] != rows
    ]
    injected = f"{size.accounts:,} accounts, {size.kills} kills computing and {size.kills} posting, two starts at once"
    control = f"  control: a kopeck {'IS NOT FOUND' if unnoticed else 'is found'}"
    return [
        Outcome("accrual_killed", injected, not story, time.monotonic() - began, story),
        Outcome(control, "1 charge", not unnoticed, 0, unnoticed),
    ]


def _size(plan: Plan) -> Size:
    return Size(200_000, kills=min(plan.kills // 4, 20)) if plan.has_controls else Size(20_000, kills=1)


def _accrue(base: Base, database: str, *, kills: int, chance: random.Random) -> tuple[Rows, list[str]]:
    """Start twice at once, compute, release and post, and kill the worker so often in the middle of each."""
    story = []
    environment = base.environment("kabinet_worker", database)
    worker = Part("worker", programs.worker(), environment, base.folder / f"{database}-worker.log")
    with ThreadPoolExecutor(STARTS_AT_ONCE) as threads:
        started = list(threads.map(lambda _: _step(base, database, "start"), range(STARTS_AT_ONCE)))
    if sorted(next(iter(answer)) for answer in started) != ["refused", "run"]:
        story.append(f"two starts at once: {started}")
    worker.begin()
    try:
        story += _work(base, database, worker, "computed_at", "ready", kills, chance)
        _step(base, database, "release")
        story += _work(base, database, worker, "posted_at", "released", kills, chance)
    finally:
        worker.kill()
    return _rows(base, database), story


def _work(
    base: Base, database: str, worker: Part, done_at: str, until: str, kills: int, chance: random.Random
) -> list[str]:
    """Wait until the run is in a state; kill the worker at random moments on the way there."""
    deadline = time.monotonic() + RUN_TIMEOUT_S
    [(batches,)] = query(base, database, "SELECT count(*) FROM charges_accrualbatch")
    marks = sorted(chance.uniform(0, batches - 1) for _ in range(kills))
    killed = 0
    while query(base, database, "SELECT state FROM charges_accrualrun") != [(until,)]:
        [(done,)] = query(base, database, f"SELECT count({done_at}) FROM charges_accrualbatch")  # noqa: S608
        if killed < len(marks) and done >= marks[killed]:
            time.sleep(chance.uniform(0, 0.5))
            worker.kill()
            killed += 1
            time.sleep(chance.uniform(0.2, 1))
            worker.begin()
        if time.monotonic() > deadline:
            return [f"the run is not {until} after {RUN_TIMEOUT_S} s, {done} of {batches} batches done"]
        time.sleep(0.2)
    return [] if killed == kills else [f"only {killed} of {kills} kills before the run was {until}"]


def _rows(base: Base, database: str) -> Rows:
    return rows_of(base, database, ROWS)


def rows_of(base: Base, database: str, selects: Mapping[str, str]) -> Rows:
    """Count the rows of some SELECTs and sum their hashes."""
    with psycopg.connect(base.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("ANALYZE")  # what was just written would be taken for a few rows, and joined as such
    return {
        name: query(
            base,
            database,
            f"SELECT count(*), coalesce(sum(hashtextextended(line::text, 0)::numeric), 0) FROM ({select}) AS line",  # noqa: S608
        )[0]
        for name, select in selects.items()
    }


def _unnoticed(base: Base, database: str, expected: Rows) -> list[str]:
    """Change a charge by a kopeck: the comparison must find it."""
    with psycopg.connect(base.url(SUPERUSER, database)) as connection:
        connection.execute(
            "UPDATE charges_charge SET amount_rub = amount_rub + 0.01 WHERE id = (SELECT max(id) FROM charges_charge)"
        )
    return [] if _rows(base, database)["charges"] != expected["charges"] else ["the rows are said to be equal"]


@contextmanager
def _world(base: Base, accounts: int) -> Iterator[str]:
    """Give the name of a database with so many accounts to be charged."""
    with base.copy() as database:
        base.run([sys.executable, "-m", "bench.accrual.world", str(accounts)], SUPERUSER, database)
        yield database


@contextmanager
def copied(base: Base, world: str, name: str) -> Iterator[str]:
    """Give the name of a copy of a database, which goes afterwards."""
    base.sql(f'CREATE DATABASE {name} TEMPLATE "{world}" OWNER {OWNER} STRATEGY FILE_COPY')
    yield name
    base.sql(f"DROP DATABASE {name} WITH (FORCE)")


def _step(base: Base, database: str, step: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.accrual.steps", step]
    environment = base.environment("kabinet_web", database)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def query(base: Base, database: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(base.url(SUPERUSER, database), autocommit=True) as connection:
        return connection.execute(statement.encode()).fetchall()
