"""What is shown of questions, and of the charges that they do not agree with. Others import the names from here."""

from kabinet.support.queries.disputes import Dispute, DisputedLine, dispute_kept, disputed, open_dispute
from kabinet.support.queries.questions import (
    QuestionCard,
    QuestionLetter,
    question,
    question_by_request,
    question_letter,
    questions_asked_since,
    questions_of,
)

__all__ = [
    "Dispute",
    "DisputedLine",
    "QuestionCard",
    "QuestionLetter",
    "dispute_kept",
    "disputed",
    "open_dispute",
    "question",
    "question_by_request",
    "question_letter",
    "questions_asked_since",
    "questions_of",
]
