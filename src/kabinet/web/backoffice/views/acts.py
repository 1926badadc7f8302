"""An act with money takes two steps: what is typed, then what it will do; others take one.

A refusal stands where it was typed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kabinet.audit.queries import EntryRow
from kabinet.common.errors import Refusal
from kabinet.web.ui.forms import Form


@dataclass(frozen=True)
class Act:
    """What the first page says. facts: names and values, as people read them; submit: the button, if not «Дальше».

    history  who did what to the thing before, where that helps to decide
    """

    title: str
    about: str
    back_url: str
    facts: Sequence[tuple[str, str]] = ()
    warning: str = ""
    submit: str = ""
    history: Sequence[EntryRow] = ()


@dataclass(frozen=True)
class Check:
    """What the second page says, before anything is done. warning: what else to know; links: names and addresses."""

    sentence: str
    submit: str
    amount_rub: Decimal | None = None
    facts: Sequence[tuple[str, str]] = ()
    is_danger: bool = False
    warning: str = ""
    links: Sequence[tuple[str, str]] = ()


def request_id() -> dict[str, Any]:
    """Give a new form the id of its one press."""
    return {"request_id": uuid4()}


def two_steps(
    request: HttpRequest,
    form: Form,
    act: Act,
    *,
    check: Callable[[dict[str, Any]], Check],
    do: Callable[[dict[str, Any]], HttpResponse],
) -> HttpResponse:
    """Ask, show what will be done, do it: three pages of one address.

    check  says what the valid form will do; do: does it. Both may raise Refusal, which is shown beside what was typed
    """
    if form.is_valid() and "correct" not in request.POST:
        try:
            if "confirmed" in request.POST:
                return do(form.cleaned_data)
            page = {"act": act, "check": check(form.cleaned_data), "values": _typed(request, form)}
            return render(request, "office/act_check.html", page)
        except Refusal as refusal:
            form.refuse(refusal)
    return _ask(request, form, act)


def one_step(
    request: HttpRequest, form: Form, act: Act, *, do: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse:
    """Ask and do it. do: may raise Refusal, which is shown beside what was typed."""
    if form.is_valid():
        try:
            return do(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
    return _ask(request, form, act)


def _ask(request: HttpRequest, form: Form, act: Act) -> HttpResponse:
    return render(request, "office/act_ask.html", {"act": act, "form": form}, status=422 if form.errors else 200)


def _typed(request: HttpRequest, form: Form) -> dict[str, str]:
    """Give what the second page sends again. A field may be several inputs: their names begin with its name."""
    names = tuple(form.fields)
    return {name: str(value) for name, value in request.POST.items() if value and name.startswith(names)}
