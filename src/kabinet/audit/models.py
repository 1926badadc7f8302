"""The audit trail and its seals."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. ``subject`` names what it was done to as ``kind:id``."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    supplier_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["actor", "supplier_id", "-at", "-id"], name="audit_entry_by_actor"),
            models.Index(fields=["action", "-at", "-id"], name="audit_entry_by_action"),
            models.Index(fields=["subject", "-id"], name="audit_entry_by_subject"),
            models.Index(fields=["supplier_id", "-at", "-id"], name="audit_entry_by_supplier"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Seal(models.Model):
    """The hash of the seal before and of all entries after it up to ``last_entry_id``."""

    last_entry_id = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"up to {self.last_entry_id}"
