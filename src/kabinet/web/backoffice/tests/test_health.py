"""What operators see of papers that could not be made, and of what the checks of a night have found."""

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse

from kabinet.audit import operations as audit
from kabinet.audit.usecases.report_broken_seal import report_broken_seal
from kabinet.common.testing import NOW
from kabinet.payments.models import NightCheck
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.web.backoffice.tests.factories import make_member
from kabinet.web.cabinet.tests.screens import shown_on, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days_ago", "is_named"), [(6, True), (8, False)])
def test_a_paper_that_could_not_be_made_is_named_for_a_week(client, days_ago, is_named):
    supplier = make_supplier(name="Межрегионгаз Калуга")
    with transaction.atomic():
        audit.note(
            action="paper.failed",
            actor=None,
            now=NOW - dt.timedelta(days=days_ago),
            supplier_id=supplier.id,
            subject="account:17",
        )
    client.force_login(make_member("operator"))

    with shown_on("2026-11-22"):
        words = text_of(client.get(reverse("office:health")))

    assert ("Документ к письму не составлен лицевой счёт 17 Межрегионгаз Калуга" in words) is is_named


def test_what_a_night_has_found_is_said_in_the_language_of_the_screen(client):
    supplier = make_supplier(name="Межрегионгаз Калуга")
    NightCheck.objects.create(
        name="payments_stuck",
        night=dt.date(2026, 11, 22),
        ran_at=NOW,
        is_good=False,
        found_count=1,
        found=[{"what": "not approved", "supplier": supplier.id, "subject": "refund:5", "since": NOW.isoformat()}],
    )
    client.force_login(make_member("operator"))

    with shown_on("2026-11-22"):
        words = text_of(client.get(reverse("office:health")))

    assert "Межрегионгаз Калуга: возврат 5 — не подтверждён вторым сотрудником с 22.11.2026" in words


def test_a_trail_that_was_changed_behind_our_back_stands_on_top(client):
    report_broken_seal(up_to_entry=17, now=NOW)
    client.force_login(make_member("operator"))

    with shown_on("2026-11-22"):
        words = text_of(client.get(reverse("office:health")))

    assert "Журнал изменили в обход портала журнал до записи 17" in words
