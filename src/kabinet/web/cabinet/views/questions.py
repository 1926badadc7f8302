"""«Обращения»: what has been asked of support, asking, and answers to what people ask most."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts import queries as accounts
from kabinet.common.errors import Refusal
from kabinet.support import queries as questions
from kabinet.support.usecases.ask_question import ask_question
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.questions import QuestionForm


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
            messages.success(request, _("Обращение отправлено. Ответ придёт письмом на ваш адрес."))
            return redirect("cabinet:question", question.id)
    return render(request, "cabinet/question_ask.html", {"form": form})


@signed_in
@require_safe
def detail(request: HttpRequest, question_id: int) -> HttpResponse:
    question = questions.question(question_id, visible_to=request.user)
    return render(request, "cabinet/question_detail.html", {"question": question})
