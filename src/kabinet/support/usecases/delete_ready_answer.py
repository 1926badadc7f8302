"""Delete a ready answer: what was answered with it stays."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.support import queries
from kabinet.support.models import AnswerTemplate


@usecase
def delete_ready_answer(*, template_id: int, actor: User, now: dt.datetime) -> None:
    """Delete it. Raises NotFound, also the second time; NotAllowed for whoever lacks the right."""
    template = queries.ready_answer(template_id, visible_to=actor)
    AnswerTemplate.objects.filter(id=template_id).delete()
    audit.note(
        action="ready_answer.deleted",
        actor=actor,
        now=now,
        supplier_id=template.supplier_id,
        subject=f"ready_answer:{template_id}",
    )
