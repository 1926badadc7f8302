"""Who works here: roles that are held, offered, confirmed by a second person and taken away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.common.errors import Refusal
from kabinet.people.queries.invitations import members, places, role_held, waiting_invitations
from kabinet.people.queries.roles import field_table, right_table, role_names
from kabinet.people.rules import rights
from kabinet.people.usecases.confirm_invitation import confirm_invitation
from kabinet.people.usecases.invite_staff import invite_staff
from kabinet.people.usecases.send_invitation_again import send_invitation_again
from kabinet.people.usecases.withdraw_invitation import withdraw_invitation
from kabinet.people.usecases.withdraw_role import withdraw_role
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.staff import InviteForm
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.ui.forms import Form


@office("staff", rights.MANAGE_STAFF)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


def _overview(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    found = members(visible_to=request.user)
    page = {
        "members": found,
        "invitations": waiting_invitations(request.now, visible_to=request.user),
        "shows_place": len({member.place for member in found}) > 1,
        "refusal": refusal,
    }
    return render(request, "office/staff.html", page, status=422 if refusal else 200)


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
def confirm(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return _decide(request, confirm_invitation, invitation_id, _("Роль подтверждена, приглашение отправлено."))


@office("staff", rights.MANAGE_STAFF)
@require_POST
def send_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return _decide(request, send_invitation_again, invitation_id, _("Отправлена новая ссылка. Прежняя не действует."))


@office("staff", rights.MANAGE_STAFF)
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return _decide(request, withdraw_invitation, invitation_id, _("Приглашение отозвано, ссылка больше не действует."))


def _decide(request: HttpRequest, usecase: Callable[..., Any], invitation_id: int, done: str) -> HttpResponse:
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
    )
    return one_step(request, Form(request.POST or None), act, do=do)


@office("roles")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show the table that the code decides by; everybody of the staff may see what everybody may do."""
    page = {"roles": role_names(), "groups": right_table(), "fields": field_table()}
    return render(request, "office/roles.html", page)
