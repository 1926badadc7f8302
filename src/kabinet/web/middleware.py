"""What every request passes: its moment and origin, its language, and how refusals of the core become answers."""

import ipaddress
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from kabinet.common.errors import NotFound
from kabinet.common.origin import Origin, coming_from
from kabinet.web.ui.views import unavailable

Handler = Callable[[HttpRequest], HttpResponse]


def _visitor_address(request: HttpRequest) -> str:
    """Give the connection's address, or what the nearest trusted proxy wrote; never what a stranger claims."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY_COUNT:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(chain) >= settings.TRUSTED_PROXY_COUNT:
            address = chain[-settings.TRUSTED_PROXY_COUNT]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def origin(get_response: Handler) -> Handler:
    """Read the clock once (``request.now``), and remember where the request came from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = timezone.now()
        request.id = uuid.uuid4().hex[:12]
        request.visitor_address = _visitor_address(request)
        request.META["HTTP_X_REQUEST_ID"] = request.id
        agent = request.META.get("HTTP_USER_AGENT", "")[:300]
        with coming_from(Origin(ip=request.visitor_address, request_id=request.id, user_agent=agent)):
            return get_response(request)

    return middleware


def compression(get_response: Handler) -> Handler:
    """Compress pages; files of people's own and what a gateway asks for leave as they are.

    The length of a page says nothing of its secrets: Django adds up to a hundred bytes of chance (ADR 0198).
    """
    gzip = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            gzip.process_response(request, response)
        return response

    return middleware


def language(get_response: Handler) -> Handler:
    """Speak Russian unless the visitor chose otherwise with the switch; what a browser asks for does not decide."""
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Cookie"])
        return response

    return middleware


def answers(get_response: Handler) -> Handler:
    """Answer 404 for what is not there for this visitor, 503 without a database; keep private pages out of caches."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            add_never_cache_headers(response)
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotFound):
            return render(request, "404.html", status=404)
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return None

    middleware.process_exception = process_exception
    return middleware
