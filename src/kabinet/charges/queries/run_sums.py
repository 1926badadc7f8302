"""What accrual runs come to, for a list of them: one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True)
class RunSum:
    """How many accounts a run has, and what its lines come to as far as they are computed."""

    accounts_count: int
    lines_count: int
    amount_rub: Decimal


def run_sums(run_ids: Sequence[int]) -> dict[int, RunSum]:
    """Give what runs come to, by their ids; a run without accounts is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT batch.run_id, sum(batch.accounts_count),
                   coalesce(sum(total.lines), 0), coalesce(sum(total.amount), 0)
            FROM charges_accrualbatch AS batch
            CROSS JOIN LATERAL (
                SELECT sum((line ->> 'lines')::integer) AS lines, sum((line ->> 'amount_rub')::numeric(14, 2)) AS amount
                FROM jsonb_array_elements(batch.summary) AS line
            ) AS total
            WHERE batch.run_id = ANY(%s)
            GROUP BY batch.run_id
            """,
            [list(run_ids)],
        )
        return {run_id: RunSum(*sums) for run_id, *sums in cursor.fetchall()}
