"""What is read for a day is found by indexes, however many other days there are."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.accounts.tests.factories import make_account
from kabinet.common.testing import NOW
from kabinet.payments.models import GatewayStatement, GatewayStatementLine, Payment
from kabinet.payments.queries.health import health
from kabinet.payments.queries.sides import registered_lines
from kabinet.payments.rules import Ours
from kabinet.payments.tests.factories import make_payer, make_payment, make_shop
from kabinet.people.models import StaffRole
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 22)
DAYS, LINES_OF_A_DAY = 15, 1000


@pytest.fixture
def shop():
    return make_shop(make_account().supplier)


def load(shop, day, lines):
    """Write a file of payments by its rows alone: (gateway's number, moment)."""
    statement = GatewayStatement.objects.create(
        supplier_id=shop.supplier_id,
        shop=shop,
        day=day,
        source=GatewayStatement.Source.PAYMENTS_FILE,
        content_sha256=uuid4().hex,
        lines_count=len(lines),
        loaded_at=NOW,
    )
    GatewayStatementLine.objects.bulk_create(
        GatewayStatementLine(
            supplier_id=shop.supplier_id,
            statement=statement,
            line_no=number,
            kind="payment",
            object_id=object_id,
            amount_rub=Decimal("1.00"),
            captured_at=moment,
        )
        for number, (object_id, moment) in enumerate(lines, start=1)
    )


def named(object_id):
    return Ours("payment", 1, object_id, None, Decimal("1.00"), DAY)


def reads_of(table, read):
    """Run a read, and give how the database goes through a table for its queries: (kind of scan, rows looked at)."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
    with CaptureQueriesContext(connection) as captured:
        read()
    found = []
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            found += _reads(table, cursor.fetchone()[0][0]["Plan"])
    assert found
    return found


def _reads(table, plan):
    if plan.get("Relation Name") == table:
        looked_at = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield plan["Node Type"], looked_at * plan["Actual Loops"]
    for inner in plan.get("Plans", []):
        yield from _reads(table, inner)


def test_lines_of_a_day_its_moments_and_its_objects_are_given_once_each_and_in_order(shop):
    load(shop, DAY, [("of its file", NOW), ("of another day", NOW - dt.timedelta(days=1))])
    load(
        shop,
        DAY + dt.timedelta(days=1),
        [("late", NOW), ("known", NOW + dt.timedelta(days=1)), ("no", NOW + dt.timedelta(days=1))],
    )

    lines = registered_lines(shop, DAY, [named("known"), named("of its file")])

    assert [(line.object_id, line.filed_on.day) for line in lines] == [
        ("of its file", 22),
        ("of another day", 22),
        ("late", 23),
        ("known", 23),
    ]


def test_lines_of_a_day_are_found_by_indexes(shop):
    for number in range(DAYS):
        day = DAY + dt.timedelta(days=number - DAYS // 2)
        moment = NOW + dt.timedelta(days=number - DAYS // 2)
        load(shop, day, [(f"{day}-{line}", moment) for line in range(LINES_OF_A_DAY)])
    ours = [named(f"{DAY}-{line}") for line in range(20)]

    reads = reads_of("payments_gatewaystatementline", lambda: registered_lines(shop, DAY, ours))

    assert sum(looked_at for _, looked_at in reads) <= 3 * LINES_OF_A_DAY


def test_what_waits_is_found_by_indexes(shop):
    payment = make_payment(make_account(), make_payer(), state="paid")
    paid = {field.attname: getattr(payment, field.attname) for field in Payment._meta.concrete_fields}
    Payment.objects.bulk_create(
        Payment(
            **paid
            | {
                "id": None,
                "position": number,
                "public_id": uuid4(),
                "idempotency_key": uuid4(),
                "gateway_payment_id": uuid4().hex,
                "state": "failed" if number % 10 == 0 else "paid",
                "failure_reason": "expired" if number % 10 == 0 else "",
                "created_at": NOW - dt.timedelta(hours=number),
            }
        )
        for number in range(2, 5000)
    )
    operator = make_user(is_staff=True)
    StaffRole.objects.create(user=operator, role="operator")

    reads = reads_of("payments_payment", lambda: health(NOW, visible_to=operator))

    assert len([scan for scan, _ in reads if scan == "Seq Scan"]) <= 1  # what a gateway owes is a sum of all payments
