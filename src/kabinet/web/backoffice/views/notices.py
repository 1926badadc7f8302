"""«Уведомления»: the list, writing one, a second look with how many it reaches, sending and stopping."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.days import local_day
from kabinet.common.errors import Refusal
from kabinet.notices import queries as notices
from kabinet.notices.queries import NoticeCard
from kabinet.notices.usecases.delete_notice import delete_notice
from kabinet.notices.usecases.save_notice import save_notice
from kabinet.notices.usecases.send_notice import send_notice
from kabinet.notices.usecases.stop_notice import stop_notice
from kabinet.notices.usecases.try_notice import try_notice
from kabinet.payments.queries.office import SupplierChoice, suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.notices import NoticeFilterForm, NoticeForm, SendForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.ui import formats

LISTING = Listing(
    "notices",
    gettext_lazy("Уведомления"),
    "office/notice_list.html",
    columns=(
        Column("subject", gettext_lazy("Тема"), lambda row: row.subject, "+"),
        Column("supplier", gettext_lazy("Поставщик"), lambda row: row.supplier_name, "+"),
        Column("written", gettext_lazy("Написано"), lambda row: row.written_at, "-"),
        Column("state", gettext_lazy("Состояние"), lambda row: row.state_label),
        Column("accounts", gettext_lazy("Счетов"), lambda row: row.accounts_count, is_number=True, in_file_only=True),
        Column("letters", gettext_lazy("Писем"), lambda row: row.letters_count, "-", is_number=True),
    ),
    order="-written",
)


@office("notices", rights.SEND_NOTICES)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    form = NoticeFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEND_NOTICES, visible_to=request.user))
    read = partial(notices.notices_for_staff, visible_to=request.user, **form.wanted)
    return show_list(request, LISTING, form, read, without=() if form.is_of_several else ("supplier",))


@office("notices", rights.SEND_NOTICES)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    choices = suppliers_for_staff(rights.SEND_NOTICES, visible_to=request.user)
    return _write(request, choices, None)


@office("notices", rights.SEND_NOTICES)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    notice = notices.notice_card(supplier_id, notice_id, visible_to=request.user)
    if not notice.is_draft:
        return redirect("office:notice", supplier_id, notice_id)
    return _write(request, [SupplierChoice(notice.supplier_id, notice.supplier_name)], notice)


def _write(request: HttpRequest, choices: list[SupplierChoice], notice: NoticeCard | None) -> HttpResponse:
    today = local_day(request.now, notice.zone if notice else settings.INSTALLATION_TIME_ZONE)
    form = NoticeForm(request.POST or None, suppliers=choices, today=today, notice=notice)
    if form.is_valid():
        try:
            saved = save_notice(
                supplier_id=form.cleaned_data["supplier_id"],
                notice_id=notice and notice.id,
                wording=form.wording,
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("office:notice", saved.supplier_id, saved.id)
    page = {"form": form, "notice": notice}
    return render(request, "office/notice_write.html", page, status=422 if form.errors else 200)


@office("notices", rights.SEND_NOTICES)
@require_safe
def detail(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    """Show a notice as people will see it, to how many it goes, and what became of it."""
    return _show(request, notices.notice_card(supplier_id, notice_id, visible_to=request.user))


def _show(request: HttpRequest, notice: NoticeCard, form: SendForm | None = None) -> HttpResponse:
    reach = notices.reach(notice.supplier_id, notice.audience) if notice.is_draft else None
    page = {
        "notice": notice,
        "audience": _audience_in_words(notice),
        "reach": reach,
        "letters_count": reach and reach.letters_count(is_mandatory=notice.is_mandatory),
        "form": form,
        "history": history_of(f"notice:{notice.id}", supplier_id=notice.supplier_id),
    }
    return render(request, "office/notice_detail.html", page, status=422 if form else 200)


@office("notices", rights.SEND_NOTICES)
@require_POST
def send(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    notice = notices.notice_card(supplier_id, notice_id, visible_to=request.user)
    form = SendForm(request.POST)
    if not form.is_valid():
        return _show(request, notice, form)
    try:
        send_notice(
            supplier_id=supplier_id,
            notice_id=notice_id,
            seen_written_at=form.cleaned_data["seen_written_at"],
            seen_accounts=form.cleaned_data["seen_accounts"],
            actor=request.user,
            now=request.now,
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _show(request, notices.notice_card(supplier_id, notice_id, visible_to=request.user), form)
    messages.success(request, _("Уведомление рассылается. Ниже видно, сколько уже отправлено."))
    return redirect("office:notice", supplier_id, notice_id)


@office("notices", rights.SEND_NOTICES)
@require_POST
def stop(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    stop_notice(supplier_id=supplier_id, notice_id=notice_id, actor=request.user, now=request.now)
    messages.success(request, _("Остановлено: писем больше не будет, и в кабинете сообщение не показывается."))
    return redirect("office:notice", supplier_id, notice_id)


@office("notices", rights.SEND_NOTICES)
@require_POST
def attempt(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    try_notice(supplier_id=supplier_id, notice_id=notice_id, actor=request.user)
    messages.success(request, _("Пробное письмо отправлено на %(email)s.") % {"email": request.user.email})
    return redirect("office:notice", supplier_id, notice_id)


@office("notices", rights.SEND_NOTICES)
@require_POST
def drop(request: HttpRequest, supplier_id: int, notice_id: int) -> HttpResponse:
    notice = notices.notice_card(supplier_id, notice_id, visible_to=request.user)
    try:
        delete_notice(supplier_id=supplier_id, notice_id=notice_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:notice", supplier_id, notice.id)
    messages.success(request, _("Черновик удалён."))
    return redirect("office:notices")


def _audience_in_words(notice: NoticeCard) -> list[tuple[str, str]]:
    asked = notice.audience
    rows = [
        (_("Населённый пункт"), asked.locality),
        (_("Улица"), asked.street),
        (_("Долг от"), asked.owes_from_rub and formats.rub(asked.owes_from_rub)),
        (_("Поверка кончается до"), asked.verification_until and formats.day(asked.verification_until)),
        (_("Показаний нет с"), asked.unread_since and formats.day(asked.unread_since)),
    ]
    return [(name, str(value)) for name, value in rows if value]
