"""The doorbell: a gateway says that something happened, and is thanked for it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kabinet.payments.usecases.ring_doorbell import ForeignAddress, NotACall, ring_doorbell

LARGEST_BODY_BYTES = 64 * 1024
CONTENT_TYPES = ("application/json", "application/x-www-form-urlencoded")


@csrf_exempt
@require_POST
def ring(request: HttpRequest, gateway: str, shop_pk: int, secret: str) -> HttpResponse:
    """Take a call of a gateway: 200 after the commit; 404, 403, 400, 413, 415 change nothing; 503 asks to repeat."""
    body = request.read(LARGEST_BODY_BYTES + 1)
    if len(body) > LARGEST_BODY_BYTES:
        return HttpResponse(status=413)
    if request.content_type not in CONTENT_TYPES:
        return HttpResponse(status=415)
    try:
        ring_doorbell(
            gateway=gateway,
            shop_pk=shop_pk,
            secret=secret,
            visitor_address=request.visitor_address,
            body=body,
            now=request.now,
        )
    except ForeignAddress:
        return HttpResponse(status=403)
    except NotACall:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
