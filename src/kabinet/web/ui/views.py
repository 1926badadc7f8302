"""Language, theme, the gallery and the pages that say sorry: what belongs to no site in particular."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_supported_language_variant
from django.views.decorators.http import require_GET, require_POST

from kabinet.common.origin import current
from kabinet.web.ui import gallery as examples
from kabinet.web.ui.context import THEME_COOKIE, THEMES, face_of

YEAR_S = 365 * 24 * 60 * 60


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to the page."""
    answer = _back(request)
    try:
        code = get_supported_language_variant(request.POST.get("language", ""), strict=True)
    except LookupError:
        return answer
    _remember(answer, settings.LANGUAGE_COOKIE_NAME, code)
    return answer


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie and go back to the page; `auto` forgets."""
    answer = _back(request)
    chosen = request.POST.get("theme")
    if chosen == "auto":
        answer.delete_cookie(THEME_COOKIE)
    elif chosen in THEMES:
        _remember(answer, THEME_COOKIE, chosen)
    return answer


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show each component in each of its states; only where no customer comes."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "ui/gallery/index.html", examples.context(request))


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else "/")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be understood. A session that the database was not there to store is told as such, too."""
    return unavailable(request) if _misses_database(exception) else _apology(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _apology(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is too old or whose cookie is gone: reloading the page helps."""
    return _apology(request, 403, is_stale_form=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _apology(request, 404)


def too_many(request: HttpRequest, retry_after_s: int = 0) -> HttpResponse:
    """Answer somebody who asks too often, with the time to wait where it is known."""
    answer = _apology(request, 429, minutes=-(-retry_after_s // 60))
    if retry_after_s:
        answer["Retry-After"] = str(retry_after_s)
    return answer


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a defect; or, where a middleware was the first to miss the database, as everywhere without it."""
    return unavailable(request) if _misses_database(sys.exception()) else _apology(request, 500)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    answer = _apology(request, 503)
    answer["Retry-After"] = "10"
    return answer


def _misses_database(error: BaseException | None) -> bool:
    """Tell whether an error is, or came from, a database that is away."""
    while error is not None:
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _apology(request: HttpRequest, status: int, **values: object) -> HttpResponse:
    """Draw an error page without the database: no context processor runs, nobody is looked up."""
    page = render_to_string(f"{status}.html", {"face": face_of(request), "request_id": current().request_id, **values})
    return HttpResponse(page, status=status)
