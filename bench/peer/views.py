"""The peer's doorbell: it defers a job, and nothing else."""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from procrastinate.contrib.django import app


@csrf_exempt
@transaction.atomic
def ring(request: HttpRequest, shop_pk: int) -> HttpResponse:
    object_id = json.loads(request.body)["object"]["id"]
    app.configure_task("peer.settle").defer(shop_pk=shop_pk, object_id=object_id)
    return HttpResponse(status=200)
