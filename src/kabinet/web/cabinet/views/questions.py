"""«Обращения»: what has been asked of support, asking, disagreeing, and answers to what people ask most."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts import queries as accounts
from kabinet.accounts.queries import AccountCard
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.support import queries as questions
from kabinet.support.queries import Dispute
from kabinet.support.usecases.ask_question import ask_question
from kabinet.support.usecases.close_question import close_question
from kabinet.support.usecases.continue_question import continue_question
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.questions import AdditionForm, DisagreementForm, QuestionForm
from kabinet.web.cabinet.views.full_access import with_full_access
from kabinet.web.ui import formats

DISAGREEMENT = gettext_lazy("Несогласие с начислением")
SUBJECT_LENGTH = 120


@signed_in
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "cabinet/questions.html", {"questions": questions.questions_of(request.user)})


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(
        request.POST or None,
        accounts=accounts.accounts_of(request.user),
        initial={"account": request.GET.get("account", "")},
    )
    if form.is_valid():
        try:
            question = ask_question(actor=request.user, now=request.now, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Обращение отправлено. Ответ придёт письмом и появится здесь."))
            return redirect("cabinet:question", question.id)
    return render(request, "cabinet/question_ask.html", {"form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, question_id: int) -> HttpResponse:
    """Show a question with its answers, and take what its author adds."""
    question = questions.question(question_id, visible_to=request.user)
    form = AdditionForm(request.POST or None)
    if form.is_valid():
        try:
            continue_question(question_id=question_id, actor=request.user, now=request.now, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Сообщение отправлено. Ответ придёт письмом и появится здесь."))
            return redirect("cabinet:question", question_id)
    page = {
        "question": question,
        "talk": questions.conversation(question_id, visible_to=request.user),
        "form": form,
    }
    return render(request, "cabinet/question_detail.html", page, status=422 if form.errors else 200)


@signed_in
@require_POST
def close(request: HttpRequest, question_id: int) -> HttpResponse:
    """«Вопрос решён»."""
    questions.question(question_id, visible_to=request.user)
    close_question(question_id=question_id, actor=request.user, now=request.now)
    messages.success(request, _("Обращение закрыто. Если понадобится, напишите в нём ещё раз: оно откроется снова."))
    return redirect("cabinet:question", question_id)


@signed_in
@require_http_methods(["GET", "POST"])
@with_full_access(DISAGREEMENT)
def disagree(request: HttpRequest, account: AccountCard, month: str, charge_id: int | None = None) -> HttpResponse:
    """«Не согласен»: with a month, or with one line of it; what stands there goes along with the question."""
    try:
        period = Month.parse(month)
    except ValueError as error:
        raise Http404 from error
    key = (account.supplier_id, account.id)
    dispute = questions.disputed(*key, period, charge_id=charge_id, visible_to=request.user)
    form = DisagreementForm(request.POST or None)
    if form.is_valid():
        try:
            question = ask_question(
                subject=_subject(dispute),
                account=key,
                about=(period, charge_id),
                actor=request.user,
                now=request.now,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Обращение отправлено вместе с расчётом. Ответ придёт письмом и появится здесь.")
            )
            return redirect("cabinet:question", question.id)
    page = {
        "account": account,
        "period": period,
        "dispute": dispute,
        "form": form,
        "asked": questions.open_dispute(dispute, author=request.user, now=request.now),
    }
    return render(request, "cabinet/question_disagree.html", page)


def _subject(dispute: Dispute) -> str:
    words = {"month": formats.month_words(dispute.period), "sum": formats.rub(dispute.amount_rub)}
    if dispute.is_whole_month:
        return _("Несогласие с начислением за %(month)s, %(sum)s") % words
    [line] = dispute.facts
    subject = _("Несогласие с начислением за %(month)s: %(service)s, %(sum)s") % {
        **words,
        "service": line.service_name,
    }
    return subject[:SUBJECT_LENGTH]
