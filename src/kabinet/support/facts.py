"""What can have happened to questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionAsked:
    """Somebody asked support: the letter with the question goes out."""

    question_id: int


@dataclass(frozen=True)
class QuestionContinued:
    """Its author has written more: whoever answers it gets a letter."""

    question_id: int
    message_id: int


@dataclass(frozen=True)
class QuestionAnswered:
    """Staff have answered: the answer goes to its author."""

    question_id: int
    message_id: int
