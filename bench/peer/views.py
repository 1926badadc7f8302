"""The peer's doorbell: the statements of ours by hand, and a job."""

import json

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from procrastinate.contrib.django import app

SHOP = "SELECT supplier_id, * FROM payments_shop WHERE id = %(shop_pk)s AND gateway = 'yookassa'"
PAYMENT = """
    SELECT id FROM payments_payment
    WHERE supplier_id = %(supplier_id)s AND shop_id = %(shop_pk)s AND gateway_payment_id = %(number)s
"""
RING = """
    INSERT INTO payments_doorbell AS doorbell
        (supplier_id, shop_id, event, object_id, rings_count, first_rung_at, last_rung_at)
    VALUES (%(supplier_id)s, %(shop_pk)s, 'peer', %(number)s, 1, now(), now())
    ON CONFLICT (supplier_id, shop_id, event, object_id) DO UPDATE SET
        rings_count = doorbell.rings_count + 1, last_rung_at = greatest(doorbell.last_rung_at, excluded.last_rung_at)
    RETURNING id
"""
LAST = """
    SELECT max(due_at), max(answered_at) FROM payments_doorbell
    WHERE supplier_id = %(supplier_id)s AND shop_id = %(shop_pk)s AND object_id = %(number)s
"""
DUE = """
    UPDATE payments_doorbell SET due_at = now(), answered_at = NULL
    WHERE supplier_id = %(supplier_id)s AND id = %(doorbell_id)s
"""


@csrf_exempt
@transaction.atomic
def ring(request: HttpRequest, shop_pk: int) -> HttpResponse:
    known = {"shop_pk": shop_pk, "number": json.loads(request.body)["object"]["id"]}
    with connection.cursor() as cursor:
        for name, statement in (("supplier_id", SHOP), ("payment_id", PAYMENT), ("doorbell_id", RING), ("last", LAST)):
            cursor.execute(statement, known)
            known[name] = cursor.fetchone()[0]
        with transaction.atomic():
            app.configure_task("peer.settle", queueing_lock=f"peer:{known['payment_id']}").defer(
                supplier_id=known["supplier_id"], payment_id=known["payment_id"]
            )
        cursor.execute(DUE, known)
    return HttpResponse(status=200)
