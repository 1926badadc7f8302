"""Terms that wait for a second person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.suppliers.models import SupplierOwned


class TermsProposal(SupplierOwned):
    """A price, a norm, a factor, a benefit or a whole order of prices that one has asked for; another decides.

    values  what was asked, by the names of the arguments that set it: `operations.proposing` writes and reads them
    note    why it was declined, or why it has fallen away
    """

    class Kind(models.TextChoices):
        PRICE = "price", _("цена")
        ORDER = "order", _("приказ о ценах")
        NORM = "norm", _("норматив")
        FACTOR = "factor", _("температурный коэффициент")
        BENEFIT = "benefit", _("льгота")

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт второго сотрудника")
        APPROVED = "approved", _("подтверждено")
        DECLINED = "declined", _("отклонено")
        WITHDRAWN = "withdrawn", _("отозвано")
        LAPSED = "lapsed", _("снято")

    kind = models.CharField(_("что"), max_length=8, choices=Kind)
    values = models.JSONField()
    state = models.CharField(_("состояние"), max_length=12, choices=State, default=State.WAITING)
    note = models.CharField(_("пояснение"), max_length=400, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("предложено"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)

    class Meta:
        verbose_name = _("предложенные цены и нормативы")
        verbose_name_plural = _("предложенные цены и нормативы")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="terms_proposal_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="terms_proposal_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"
