"""The robot check's side for browsers with scripts."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kabinet.people.queries.robot_check import make_challenge


@require_safe
@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    """Give a browser some work; only its result proves anything, so everybody may have it."""
    return JsonResponse(make_challenge(request.now))
