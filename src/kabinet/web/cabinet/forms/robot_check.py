"""The part of a form that asks whether one is a robot."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Refusal
from kabinet.people.queries.robot_check import RobotAnswer, RobotCheckFailed, make_question, question_text
from kabinet.web.ui.forms import Form

PAYLOAD_MAX_LENGTH = 4000


class RobotCheckForm(Form):
    """A form with «Защита от роботов»: the widget's answer comes as ``altcha``, without scripts there is a question.

    Is the check asked for? Not always at sign-in: ``is_robot_checked``.
    """

    robot_question = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    robot_answer = forms.CharField(
        label=_("Ответ"),
        required=True,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Ответьте на вопрос: так мы отличаем людей от роботов.")},
    )

    def __init__(self, *args: Any, now: dt.datetime, is_robot_checked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.is_robot_checked = is_robot_checked
        if not is_robot_checked:
            del self.fields["robot_question"], self.fields["robot_answer"]
            return
        self.fields["robot_answer"].required = not self.payload
        try:
            self.fields["robot_answer"].label = question_text(self.data.get("robot_question", ""))
        except RobotCheckFailed:
            self._ask_anew()

    @property
    def payload(self) -> str:
        """What the widget sent; it writes its own field."""
        payload = self.data.get("altcha", "")
        return payload if len(payload) <= PAYLOAD_MAX_LENGTH else ""

    @property
    def given_answer(self) -> RobotAnswer:
        if not self.is_robot_checked:
            return RobotAnswer()
        return RobotAnswer(self.payload, self.cleaned_data["robot_question"], self.cleaned_data["robot_answer"])

    def refuse(self, refusal: Refusal) -> None:
        """After an answer that will not do there is another question."""
        super().refuse(refusal)
        if isinstance(refusal, RobotCheckFailed):
            self._ask_anew()

    def _ask_anew(self) -> None:
        question = make_question(self.now)
        self.fields["robot_answer"].label = question_text(question)
        self.initial["robot_question"] = question
        if self.is_bound:
            self.data = self.data.copy()
            self.data.update({"robot_question": question, "robot_answer": ""})  # adds: of two values the last counts
