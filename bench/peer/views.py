"""The peer's doorbell: the statements of ours by hand, and a job."""

import json

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from procrastinate.contrib.django import app

SHOP = "SELECT * FROM payments_shop WHERE id = %(shop_pk)s AND gateway = 'yookassa'"
PAYMENT = "SELECT id, supplier_id FROM payments_payment WHERE shop_id = %(shop_pk)s AND gateway_payment_id = %(number)s"
BELL = """
    SELECT * FROM payments_doorbell WHERE supplier_id = %(supplier_id)s AND shop_id = %(shop_pk)s AND event = 'peer'
        AND object_id = %(number)s FOR UPDATE
"""
NEW_BELL = """
    INSERT INTO payments_doorbell (supplier_id, shop_id, event, object_id, rings_count, first_rung_at, last_rung_at)
    VALUES (%(supplier_id)s, %(shop_pk)s, 'peer', %(number)s, 1, now(), now())
"""
LAST = """
    SELECT max(due_at), max(answered_at) FROM payments_doorbell
    WHERE shop_id = %(shop_pk)s AND object_id = %(number)s
"""
DUE = "UPDATE payments_doorbell SET due_at = now() WHERE shop_id = %(shop_pk)s AND object_id = %(number)s"


@csrf_exempt
@transaction.atomic
def ring(request: HttpRequest, shop_pk: int) -> HttpResponse:
    known = {"shop_pk": shop_pk, "number": json.loads(request.body)["object"]["id"]}
    with connection.cursor() as cursor:
        cursor.execute(SHOP, known)
        cursor.fetchone()
        cursor.execute(PAYMENT, known)
        known["payment_id"], known["supplier_id"] = cursor.fetchone()
        cursor.execute(BELL, known)
        cursor.fetchone()
        with transaction.atomic():
            cursor.execute(NEW_BELL, known)
        cursor.execute(LAST, known)
        cursor.fetchone()
        with transaction.atomic():
            app.configure_task("peer.settle", queueing_lock=f"peer:{known['payment_id']}").defer(
                shop_pk=shop_pk, object_id=known["number"]
            )
        cursor.execute(DUE, known)
    return HttpResponse(status=200)
