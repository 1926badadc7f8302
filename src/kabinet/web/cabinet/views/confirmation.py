"""Links of letters about registration, and the cabinet that waits for its link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import NotFound, Refusal
from kabinet.people.adapters import account
from kabinet.people.adapters.account import device_token, with_device
from kabinet.people.queries import registrations as queries
from kabinet.people.rules.links import LinkKind, link_parts
from kabinet.people.usecases.confirm_registration import AddressTaken, confirm_registration
from kabinet.people.usecases.disown_registration import disown_registration
from kabinet.people.usecases.disown_sign_in import disown_sign_in
from kabinet.people.usecases.send_link_again import send_link_again
from kabinet.web.cabinet.forms.people import ConfirmationForm
from kabinet.web.cabinet.views.links import private_address, refused_link


@sensitive_post_parameters()
@never_cache
@private_address
@require_http_methods(["GET", "POST"])
@with_device
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button: a program that opens links of letters must not confirm by itself."""
    try:
        registration = queries.registration_by_link(token, now=request.now)
    except Refusal as refusal:
        return refused_link(request, refusal, "confirmation")
    is_own = queries.is_own_browser(registration, device_token(request))
    form = ConfirmationForm(request.POST if request.method == "POST" else None, asks_password=not is_own)
    if form.is_valid():
        try:
            user = confirm_registration(
                token=token,
                device_token=device_token(request),
                password=form.cleaned_data.get("password", ""),
                ip=request.visitor_address,
                now=request.now,
            )
        except Refusal as refusal:
            if isinstance(refusal, AddressTaken) or refusal.code.startswith("link-"):
                return refused_link(request, refusal, "confirmation")
            form.refuse(refusal)
        else:
            account.sign_out(request)
            return account.sign_in(request, user, method="registration", next_url=reverse("cabinet:welcome"))
    return render(
        request,
        "cabinet/confirmation.html",
        {"form": form, "email": registration.email, "is_own_browser": is_own},
        status=422 if form.errors else 200,
    )


@never_cache
@private_address
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """«Это не я»: of a registration, or of a sign-in from a new device."""
    parts = link_parts(token)
    is_sign_in = bool(parts and parts.kind == LinkKind.NOT_MY_SIGN_IN)
    if request.method == "GET":
        return render(request, "cabinet/not_me.html", {"is_sign_in": is_sign_in})
    try:
        if is_sign_in:
            disown_sign_in(token=token, now=request.now)
        else:
            disown_registration(token=token, now=request.now)
    except Refusal as refusal:
        return refused_link(request, refusal, "sign_in" if is_sign_in else "registration")
    return render(request, "cabinet/not_me_done.html", {"is_sign_in": is_sign_in})


@never_cache
@require_http_methods(["GET", "POST"])
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """All that an unconfirmed cabinet shows: its state and «Выслать ссылку»."""
    try:
        cabinet = queries.waiting_cabinet(request.session.get("unconfirmed_registration_id", 0), now=request.now)
        if request.method == "POST":
            send_link_again(registration_id=cabinet.registration_id, ip=request.visitor_address, now=request.now)
            messages.success(request, _("Новая ссылка отправлена. Прежние ссылки больше не действуют."))
            return redirect("cabinet:unconfirmed")
    except NotFound:
        return redirect("cabinet:sign_in")
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("cabinet:unconfirmed")
    return render(request, "cabinet/unconfirmed.html", {"cabinet": cabinet})
