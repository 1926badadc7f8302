"""Sign-in, the code from the mailbox, sign-out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.common.errors import Refusal
from kabinet.people.adapters import account
from kabinet.people.adapters.account import device_token, with_device
from kabinet.people.queries.sign_in import is_robot_check_needed
from kabinet.people.usecases.check_credentials import RobotCheckNeeded, check_credentials
from kabinet.people.usecases.check_device_code import CodeOld, check_device_code
from kabinet.web.cabinet.forms.people import DeviceCodeForm, SignInForm
from kabinet.web.cabinet.views.links import next_url

TOO_MANY = {"too-many-tries", "too-many-from-here", "only-by-link", "too-many-letters"}


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@with_device
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request) or settings.LOGIN_REDIRECT_URL)
    is_checked = is_robot_check_needed(ip=request.visitor_address, now=request.now)
    form = SignInForm(request.POST or None, now=request.now, is_robot_checked=is_checked)
    status = 200
    if form.is_valid():
        try:
            entrant = check_credentials(
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password"],
                robot_answer=form.given_answer,
                device_token=device_token(request),
                ip=request.visitor_address,
                now=request.now,
            )
        except Refusal as refusal:
            if isinstance(refusal, RobotCheckNeeded):
                form = SignInForm(request.POST, now=request.now)
                form.is_valid()
            form.refuse(refusal)
            status = 429 if refusal.code in TOO_MANY else 422
        else:
            if entrant.user is None:
                request.session.cycle_key()
                request.session["unconfirmed_registration_id"] = entrant.registration_id
                return redirect("cabinet:unconfirmed")
            return account.sign_in(request, entrant.user, method="password", next_url=next_url(request))
    elif form.errors:
        status = 422
    return render(request, "cabinet/sign_in.html", {"form": form, "next": next_url(request)}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@with_device
def device_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was mailed because this browser is new to us."""
    stage = account.device_code_stage(request)
    if stage is None:
        return redirect("cabinet:sign_in")
    form = DeviceCodeForm(request.POST or None)
    if form.is_valid():
        try:
            check_device_code(
                device_code_id=stage.state["device_code_id"], typed=form.cleaned_data["code"], now=request.now
            )
        except CodeOld as refusal:
            messages.error(request, str(refusal))
            return stage.abort()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return stage.exit()
    return render(
        request,
        "cabinet/device_code.html",
        {"form": form, "email": stage.login.user.email},
        status=422 if form.errors else 200,
    )


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    account.sign_out(request)
    messages.success(request, _("Вы вышли из Личного кабинета."))
    response = redirect("cabinet:sign_in")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
