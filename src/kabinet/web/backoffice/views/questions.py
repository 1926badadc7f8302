"""«Обращения»: the list, one with all that was said, who answers it, and ready answers."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.queries import has_account_of, locked_cabinets
from kabinet.accounts.usecases.lift_attaching_lock import lift_attaching_lock
from kabinet.audit.queries import EntryRow, history_of
from kabinet.common.errors import NotFound, Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.support import queries as questions
from kabinet.support.queries import QuestionThread, ReadyAnswer
from kabinet.support.usecases.answer_question import answer_question
from kabinet.support.usecases.assign_question import assign_question
from kabinet.support.usecases.close_question import close_question
from kabinet.support.usecases.delete_ready_answer import delete_ready_answer
from kabinet.support.usecases.note_on_question import note_on_question
from kabinet.support.usecases.save_ready_answer import save_ready_answer
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.account_acts import UnlockForm
from kabinet.web.backoffice.forms.questions import (
    ANSWER_AND_CLOSE,
    FILL,
    NOTE,
    AssignForm,
    NewReadyAnswerForm,
    QuestionFilterForm,
    ReadyAnswerForm,
    ReplyForm,
)
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.account_acts.cabinets import Unlock
from kabinet.web.backoffice.views.acts import Act, one_step

LISTING = Listing(
    "questions",
    gettext_lazy("Обращения"),
    "office/question_list.html",
    columns=(
        Column("number", gettext_lazy("Номер"), lambda row: row.id, in_file_only=True),
        Column("subject", gettext_lazy("Тема"), lambda row: row.subject),
        Column("author", gettext_lazy("Кто спрашивает"), lambda row: row.author_name, in_file_only=True),
        Column("account", gettext_lazy("Лицевой счёт"), lambda row: row.account_number, in_file_only=True),
        Column("supplier", gettext_lazy("Поставщик"), lambda row: row.supplier_name, "+"),
        Column("asked", gettext_lazy("Задано"), lambda row: row.asked_at, "-"),
        Column("said", gettext_lazy("Последнее сообщение"), lambda row: row.said_at, "-", in_file_only=True),
        Column("state", gettext_lazy("Состояние"), lambda row: row.state_label, in_file_only=True),
        Column("due", gettext_lazy("Ответить до"), lambda row: row.deadline and row.deadline.due_on, "+"),
        Column("assignee", gettext_lazy("Занимается"), lambda row: row.assignee_name, "+"),
    ),
    order="due",
)


@office("questions", rights.ANSWER_QUESTIONS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = QuestionFilterForm(
        request.GET, suppliers=suppliers_for_staff(rights.ANSWER_QUESTIONS, visible_to=request.user)
    )
    read = partial(questions.questions_for_staff, form.chosen, visible_to=request.user, now=request.now)
    page = {
        "waiting": questions.waiting_questions_count(visible_to=request.user),
        "overdue": questions.overdue_questions_count(visible_to=request.user, now=request.now),
    }
    is_of_installation = request.office.staff.suppliers_with(rights.ANSWER_QUESTIONS) is None
    without = () if form.is_of_several or is_of_installation else ("supplier",)
    return show_list(request, LISTING, form, read, without=without, page=page)


@office("questions", rights.ANSWER_QUESTIONS)
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, question_id: int) -> HttpResponse:
    """Show all that was said, and take an answer, a note, or a ready answer to be written into the field."""
    thread = questions.question_thread(question_id, visible_to=request.user, now=request.now)
    templates = questions.ready_answers(thread.question.supplier_id)
    form = ReplyForm(request.POST or None, templates=templates, initial={"seen_message_id": thread.last_message_id})
    if form.is_valid():
        if form.cleaned_data["act"] == FILL:
            form = _filled(form, templates, thread)
        else:
            try:
                said = _say(request, question_id, form)
            except Refusal as refusal:
                form.refuse(refusal)
                form.has_seen(thread.last_message_id)
            else:
                messages.success(request, said)
                return redirect("office:question", question_id)
    page = {
        "thread": thread,
        "question": thread.question,
        "form": form,
        "assign_form": AssignForm(
            answerers=questions.answerers(thread.question.supplier_id), initial={"assignee_id": thread.assignee_id}
        ),
        "has_templates": bool(templates),
        "may_see_account": _may_see_account(request, thread),
        "may_unlock": _may_unlock(request, thread),
        "history": _history(thread),
    }
    return render(request, "office/question_detail.html", page, status=422 if form.errors else 200)


def _say(request: HttpRequest, question_id: int, form: ReplyForm) -> str:
    """Do what the pressed button says, and say what was done. May raise Refusal."""
    given = form.cleaned_data
    what = {
        "question_id": question_id,
        "text": given["text"],
        "request_id": given["request_id"],
        "actor": request.user,
        "now": request.now,
    }
    if given["act"] == NOTE:
        note_on_question(**what)
        return _("Заметка записана, её видят только сотрудники.")
    closes = given["act"] == ANSWER_AND_CLOSE
    answer_question(**what, closes=closes, seen_message_id=given["seen_message_id"])
    return _("Ответ отправлен, обращение закрыто.") if closes else _("Ответ отправлен.")


def _filled(form: ReplyForm, templates: list[ReadyAnswer], thread: QuestionThread) -> ReplyForm:
    """Give the form anew, the chosen ready answer below what was typed already."""
    given = form.cleaned_data
    chosen = [template for template in templates if template.id == given["template_id"]]
    texts = [given["text"].rstrip(), *(questions.filled_answer(template, thread) for template in chosen)]
    return ReplyForm(
        templates=templates,
        initial={
            "text": "\n\n".join(text for text in texts if text),
            "seen_message_id": given["seen_message_id"],
            "request_id": given["request_id"],
        },
    )


def _history(thread: QuestionThread) -> list[EntryRow]:
    return history_of(f"question:{thread.question.id}", supplier_id=thread.question.supplier_id)


def _may_see_account(request: HttpRequest, thread: QuestionThread) -> bool:
    supplier_id = thread.question.supplier_id
    return supplier_id is not None and request.office.staff.may_at(rights.SEE_CUSTOMERS, supplier_id)


def _answers_everywhere(request: HttpRequest) -> bool:
    return request.office.staff.suppliers_with(rights.ANSWER_QUESTIONS) is None


def _may_unlock(request: HttpRequest, thread: QuestionThread) -> bool:
    """Tell whether the author attaches nothing until support lets them, and is this supplier's customer to let."""
    if thread.author_id not in locked_cabinets([thread.author_id]):
        return False
    supplier_id = thread.question.supplier_id
    return _answers_everywhere(request) or (supplier_id is not None and has_account_of(supplier_id, thread.author_id))


@office("questions", rights.ANSWER_QUESTIONS)
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest, question_id: int) -> HttpResponse:
    """Let the author of a question attach accounts again."""
    thread = questions.question_thread(question_id, visible_to=request.user, now=request.now)
    if not _may_unlock(request, thread):
        raise NotFound

    def do(given: dict[str, str]) -> HttpResponse:
        lift_attaching_lock(
            user_id=thread.author_id,
            supplier_id=None if _answers_everywhere(request) else thread.question.supplier_id,
            reason=given["reason"],
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Подключение счетов снова открыто."))
        return redirect("office:question", question_id)

    act = Act(
        title=str(Unlock.title),
        about=thread.question.subject,
        back_url=reverse("office:question", args=[question_id]),
        warning=str(Unlock.warning),
        submit=str(Unlock.submit),
    )
    return one_step(request, UnlockForm(request.POST or None), act, do=do)


@office("questions", rights.ANSWER_QUESTIONS)
@require_POST
def assign(request: HttpRequest, question_id: int) -> HttpResponse:
    thread = questions.question_thread(question_id, visible_to=request.user, now=request.now)
    form = AssignForm(request.POST, answerers=questions.answerers(thread.question.supplier_id))
    if form.is_valid():
        assign_question(
            question_id=question_id,
            assignee_id=form.cleaned_data["assignee_id"],
            actor=request.user,
            now=request.now,
        )
        messages.success(request, _("Записано, кто занимается обращением."))
    else:
        messages.error(request, _("Этому сотруднику обращение передать нельзя. Выберите другого."))
    return redirect("office:question", question_id)


@office("questions", rights.ANSWER_QUESTIONS)
@require_POST
def close(request: HttpRequest, question_id: int) -> HttpResponse:
    questions.question_thread(question_id, visible_to=request.user, now=request.now)
    close_question(question_id=question_id, actor=request.user, now=request.now)
    messages.success(request, _("Обращение закрыто без нового ответа."))
    return redirect("office:question", question_id)


@office("questions", rights.ANSWER_QUESTIONS)
@require_safe
def ready_answers(request: HttpRequest) -> HttpResponse:
    found = questions.ready_answers_for_staff(visible_to=request.user)
    names = {template.supplier_id for template in found}
    return render(request, "office/ready_answers.html", {"answers": found, "shows_supplier": len(names) > 1})


@office("questions", rights.ANSWER_QUESTIONS)
@require_http_methods(["GET", "POST"])
def add_ready_answer(request: HttpRequest) -> HttpResponse:
    form = NewReadyAnswerForm(
        request.POST or None,
        suppliers=suppliers_for_staff(rights.ANSWER_QUESTIONS, visible_to=request.user),
        is_of_installation=request.office.staff.suppliers_with(rights.ANSWER_QUESTIONS) is None,
    )
    return one_step(request, form, _act(_("Новый готовый ответ")), do=partial(_save, request, None))


@office("questions", rights.ANSWER_QUESTIONS)
@require_http_methods(["GET", "POST"])
def change_ready_answer(request: HttpRequest, template_id: int) -> HttpResponse:
    template = questions.ready_answer(template_id, visible_to=request.user)
    form = ReadyAnswerForm(request.POST or None, initial={"title": template.title, "text": template.text})

    def do(given: dict[str, str]) -> HttpResponse:
        return _save(request, template_id, {**given, "supplier_id": template.supplier_id})

    return one_step(request, form, _act(_("Готовый ответ"), template.supplier_name), do=do)


@office("questions", rights.ANSWER_QUESTIONS)
@require_POST
def drop_ready_answer(request: HttpRequest, template_id: int) -> HttpResponse:
    delete_ready_answer(template_id=template_id, actor=request.user, now=request.now)
    messages.success(request, _("Готовый ответ удалён."))
    return redirect("office:ready_answers")


def _save(request: HttpRequest, template_id: int | None, given: dict[str, object]) -> HttpResponse:
    save_ready_answer(template_id=template_id, **given, actor=request.user, now=request.now)
    messages.success(request, _("Готовый ответ сохранён."))
    return redirect("office:ready_answers")


def _act(title: str, about: str = "") -> Act:
    return Act(title, about, reverse("office:ready_answers"), submit=_("Сохранить"))
