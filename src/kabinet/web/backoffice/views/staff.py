"""Who works here: roles that are held, offered, confirmed by a second person and taken away."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.queries.invitations import members, places, role_held, waiting_invitations
from kabinet.people.queries.roles import field_table, right_table, role_names
from kabinet.people.rules import rights
from kabinet.people.usecases.confirm_invitation import confirm_invitation
from kabinet.people.usecases.invite_staff import invite_staff
from kabinet.people.usecases.send_invitation_again import send_invitation_again
from kabinet.people.usecases.withdraw_invitation import withdraw_invitation
from kabinet.people.usecases.withdraw_role import withdraw_role
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.staff import InviteForm, MemberFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.ui.forms import Form

LISTING = Listing(
    key="staff",
    title=_lazy("Сотрудники"),
    template="office/staff.html",
    order="name",
    columns=(
        Column("name", _lazy("Сотрудник"), lambda row: row.name, sorts="+"),
        Column("email", _lazy("Почта"), lambda row: row.email, in_file_only=True),
        Column("role", _lazy("Роль"), lambda row: row.role_label, sorts="+"),
        Column("supplier", _lazy("Где"), lambda row: row.place, sorts="+"),
        Column("seen", _lazy("Последний вход"), lambda row: row.last_seen_at, sorts="-"),
    ),
)


@office("staff", rights.MANAGE_STAFF)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    return _overview(request)


def _overview(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponseBase:
    suppliers = suppliers_for_staff(rights.MANAGE_STAFF, visible_to=request.user)
    roles = {role: label.capitalize() for place in places(visible_to=request.user) for role, label in place.roles}
    form = MemberFilterForm(request.GET, suppliers=suppliers, roles=list(roles.items()))
    page = {
        "invitations": waiting_invitations(request.now, visible_to=request.user),
        "shows_place": form.is_of_several,
        "refusal": refusal,
    }
    read = partial(members, visible_to=request.user, **form.wanted)
    answer = show_list(request, LISTING, form, read, without=form.columns_without_use, page=page)
    if refusal:
        answer.status_code = 422
    return answer


@office("staff", rights.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, places=places(visible_to=request.user))

    def do(given: dict[str, Any]) -> HttpResponse:
        invitation = invite_staff(**form.given, language=request.LANGUAGE_CODE, actor=request.user, now=request.now)
        if invitation.waits_for_second:
            messages.success(request, _("Предложение записано. Письмо уйдёт, когда его подтвердит другой сотрудник."))
        else:
            messages.success(request, _("Приглашение отправлено."))
        return redirect("office:staff")

    act = Act(
        title=_("Пригласить сотрудника"),
        about=_("Человек получит письмо со ссылкой, придумает пароль и подключит второй шаг входа."),
        back_url=reverse("office:staff"),
        warning=_("Руководителя, бухгалтера и оператора подтверждает второй сотрудник: эти роли решают о деньгах."),
        submit=_("Пригласить"),
    )
    return one_step(request, form, act, do=do)


@office("staff", rights.MANAGE_STAFF)
@require_POST
def confirm(request: HttpRequest, invitation_id: int) -> HttpResponseBase:
    return _decide(request, confirm_invitation, invitation_id, _("Роль подтверждена, приглашение отправлено."))


@office("staff", rights.MANAGE_STAFF)
@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponseBase:
    return _decide(request, send_invitation_again, invitation_id, _("Отправлена новая ссылка. Прежняя не действует."))


@office("staff", rights.MANAGE_STAFF)
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponseBase:
    return _decide(request, withdraw_invitation, invitation_id, _("Приглашение отозвано, ссылка больше не действует."))


def _decide(request: HttpRequest, usecase: Callable[..., Any], invitation_id: int, done: str) -> HttpResponseBase:
    try:
        usecase(invitation_id=invitation_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        return _overview(request, refusal)
    messages.success(request, done)
    return redirect("office:staff")


@office("staff", rights.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def take_role(request: HttpRequest, role_id: int) -> HttpResponse:
    held = role_held(role_id, visible_to=request.user)

    def do(given: dict[str, Any]) -> HttpResponse:
        withdraw_role(
            user_id=held.user_id, role=held.role, supplier_id=held.supplier_id, actor=request.user, now=request.now
        )
        messages.success(request, _("Роль снята. Она перестала действовать сразу."))
        return redirect("office:staff")

    act = Act(
        title=_("Снять роль"),
        about=held.name,
        back_url=reverse("office:staff"),
        facts=[(_("Почта"), held.email), (_("Роль"), held.role_label), (_("Где"), held.place)],
        warning=_("Роль перестанет действовать сразу. То, что человек решил раньше, останется под его именем."),
        submit=_("Снять роль"),
        history=history_of(f"user:{held.user_id}", supplier_id=held.supplier_id),
    )
    return one_step(request, Form(request.POST or None), act, do=do)


@office("roles")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show the table that the code decides by; everybody of the staff may see what everybody may do."""
    page = {"roles": role_names(), "groups": right_table(), "fields": field_table()}
    return render(request, "office/roles.html", page)
