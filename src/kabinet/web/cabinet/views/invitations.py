"""The link of a letter that offers somebody a role of staff."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.people.queries import passwords
from kabinet.people.queries.invitations import invitation_card
from kabinet.people.usecases.accept_invitation import accept_invitation
from kabinet.web.cabinet.forms.people import InvitationForm
from kabinet.web.cabinet.views.links import private_address, refused_link


@sensitive_post_parameters()
@never_cache
@private_address
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say what is offered, and take it: nobody is signed in by that."""
    try:
        card = invitation_card(token, now=request.now)
        form = InvitationForm(
            request.POST if request.method == "POST" else None,
            asks_name=card.asks_name,
            asks_password=card.asks_password,
        )
        if form.is_valid():
            accept_invitation(token=token, now=request.now, **form.given)
            messages.success(request, _("Роль Ваша. Войдите, чтобы начать работу."))
            return redirect("cabinet:sign_in")
    except Refusal as refusal:
        if refusal.code.startswith("link-"):
            return refused_link(request, refusal, "invitation")
        form.refuse(refusal)
    page = {
        "form": form,
        "card": card,
        "password_hint": passwords.password_hint(passwords.password_policy(is_staff=True)),
    }
    return render(request, "cabinet/invitation.html", page, status=422 if form.errors else 200)
