"""Calls of gateways."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import SupplierOwned


class Doorbell(SupplierOwned):
    """A call that somebody made about an object of a gateway. It is counted and never believed; its body is not kept.

    due_at       when the job that asks the gateway runs, or ran
    answered_at  when the gateway was asked after the last ring; None while the answer is owed
    """

    #: Our own ring: the payer came back from the gateway's page.
    CAME_BACK = "came-back"

    shop = SupplierForeignKey(Shop, related_name="+")
    event = models.CharField(max_length=64)
    object_id = models.CharField(max_length=64)
    rings_count = models.PositiveIntegerField(default=1)
    first_rung_at = models.DateTimeField()
    last_rung_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("звонок платёжной системы")
        verbose_name_plural = _("звонки платёжных систем")
        constraints = [models.UniqueConstraint(fields=["supplier", "shop", "event", "object_id"], name="doorbell_once")]
        indexes = [
            models.Index(fields=["supplier", "shop", "object_id"], name="doorbell_object"),
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, answered_at__isnull=True),
                name="doorbell_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.object_id}"
