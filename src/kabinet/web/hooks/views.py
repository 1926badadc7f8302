"""The doorbell: a gateway says that something happened, and is thanked for it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kabinet.common import fault_points
from kabinet.payments.usecases.ring_doorbell import ForeignAddress, ForgedCall, NotACall, ring_doorbell

LARGEST_BODY_BYTES = 64 * 1024
CONTENT_TYPES = ("application/json", "application/x-www-form-urlencoded")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def ring(request: HttpRequest, gateway: str, shop_pk: int, secret: str) -> HttpResponse:
    """Take a call of a gateway: 200 after the commit; 404, 403, 400, 413, 415 change nothing; 503 asks to repeat.

    Banks call by GET too; which way is a call is for the gateway's protocol to say.
    """
    body = request.read(LARGEST_BODY_BYTES + 1)
    if len(body) > LARGEST_BODY_BYTES:
        return HttpResponse(status=413)
    if request.method == "POST" and request.content_type not in CONTENT_TYPES:
        return HttpResponse(status=415)
    try:
        ring_doorbell(
            gateway=gateway,
            shop_pk=shop_pk,
            secret=secret,
            visitor_address=request.visitor_address,
            method=str(request.method),
            content_type=str(request.content_type),
            query=request.META["QUERY_STRING"],
            body=body,
            now=request.now,
        )
    except (ForeignAddress, ForgedCall):
        return HttpResponse(status=403)
    except NotACall:
        return HttpResponse(status=400)
    fault_points.reach("rung")
    return HttpResponse(status=200)
