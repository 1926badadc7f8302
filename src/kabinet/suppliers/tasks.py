"""Background entries about suppliers."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kabinet.suppliers.queries.details_changes import due_changes
from kabinet.suppliers.usecases.apply_bank_details_change import apply_bank_details_change


@app.periodic(cron="*/10 * * * *")
@app.task(name="suppliers.apply_bank_details_changes", queueing_lock="suppliers.apply_bank_details_changes")
def apply_bank_details_changes(timestamp: int) -> None:
    """Every ten minutes: bank details whose day has passed take effect."""
    now = timezone.now()
    for supplier_id, change_id in due_changes(now):
        apply_bank_details_change(supplier_id=supplier_id, change_id=change_id, now=now)
