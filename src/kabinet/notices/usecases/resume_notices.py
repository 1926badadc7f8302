"""Go on with notices whose job is gone."""

from kabinet.common.db import usecase
from kabinet.notices import operations
from kabinet.notices.models import Notice


@usecase
def resume_notices() -> None:
    """Ask the worker for every notice that is being sent. One more job does no harm."""
    for notice in Notice.objects.filter(state=Notice.State.SENDING):
        operations.ask_worker(notice)
