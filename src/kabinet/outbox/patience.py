"""How long a job is tried again."""

from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

#: The database was away, or chose another of two that waited for each other: nothing of the job has been kept.
DATABASE_AWAY = (OperationalError, InterfaceError)


@dataclass(frozen=True)
class Doubling(BaseRetryStrategy):
    """Try again after `first_s`, twice that, and so on up to `longest_s`, `most` times in all.

    only  what is worth another try; None: whatever was raised

    procrastinate's own `exponential_wait` is the base of a power: 30 would mean 30 s, 15 min, 7.5 h, 9 days.
    """

    first_s: int
    longest_s: int
    most: int
    only: tuple[type[BaseException], ...] | None = None

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= self.most or not isinstance(exception, self.only or BaseException):
            return None
        return RetryDecision(retry_in={"seconds": min(self.first_s * 2**job.attempts, self.longest_s)})
