"""Save a ready answer: what staff write often is kept with places to fill."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.support import operations, queries
from kabinet.support.models import AnswerTemplate


class TitleTaken(Refusal):
    code = "ready-answer-title-taken"
    field = "title"
    message = _("Готовый ответ с таким названием уже есть. Назовите этот иначе.")


@usecase
def save_ready_answer(
    *, template_id: int | None, supplier_id: int | None, title: str, text: str, actor: User, now: dt.datetime
) -> AnswerTemplate:
    """Store a new ready answer, or a new wording of one.

    template_id  None: a new one
    supplier_id  whose questions it answers; None: those about the cabinet. A stored one stays where it is

    A new one that says the same as one that is there is that one: a press may come twice.

    Raises TitleTaken; NotFound and NotAllowed for whoever lacks the right.
    """
    template = AnswerTemplate(supplier_id=supplier_id)
    if template_id is not None:
        found = AnswerTemplate.objects.select_for_update(of=("self",)).filter(id=template_id).first()
        if found is None:
            raise NotFound
        template = found
    queries.check_answerer(actor, template.supplier_id)
    operations.lock_ready_answers(template.supplier_id)
    other = (
        AnswerTemplate.objects.filter(Q(supplier_id=template.supplier_id), title=title).exclude(id=template.id).first()
    )
    if other is not None:
        if template_id is None and other.text == text:
            return other
        raise TitleTaken
    template.title, template.text = title, text
    template.save()
    audit.note(
        action="ready_answer.saved",
        actor=actor,
        now=now,
        supplier_id=template.supplier_id,
        subject=f"ready_answer:{template.id}",
    )
    return template
