"""Writes of questions that stand apart from their use-case."""

from kabinet.common.db import transaction_required
from kabinet.people.models import User


@transaction_required
def lock_questions(user: User) -> None:
    """Let the questions of one person go one after another until the transaction ends, so that the limit is exact."""
    User.objects.select_for_update(no_key=True).get(id=user.pk)
