"""What can have happened to questions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuestionAsked:
    """Somebody asked support: the letter with the question goes out."""

    question_id: int
