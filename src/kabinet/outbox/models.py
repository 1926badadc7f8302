"""The list of what happened."""

import uuid

from django.db import models


class RecordedFact(models.Model):
    """One thing that happened, by the name of its class, such as ``payments.PaymentConfirmed``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    payload = models.JSONField()
    recorded_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.name
