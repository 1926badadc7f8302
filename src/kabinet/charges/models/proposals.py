"""Documents of staff that wait for a second person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.suppliers.models import SupplierOwned


class Proposal(SupplierOwned):
    """A document that lowers what an account owes: asked by one, it waits until another person has decided.

    amount_rub  what the document will add to what is owed, so below zero
    on          of an opening balance: the day that it is of
    owed_rub    what the account owed for the service when this was asked
    note        why it was declined, or why it has fallen away
    document    what it has become
    """

    class Kind(models.TextChoices):
        ADJUSTMENT = "adjustment", _("корректировка")
        WRITE_OFF = "write_off", _("списание долга")
        OPENING = "opening", _("входящий остаток")

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт второго сотрудника")
        APPROVED = "approved", _("проведено")
        DECLINED = "declined", _("отклонено")
        WITHDRAWN = "withdrawn", _("отозвано")
        LAPSED = "lapsed", _("снято")

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    service = SupplierForeignKey("suppliers.Service", related_name="+", verbose_name=_("услуга"))
    kind = models.CharField(_("вид"), max_length=12, choices=Kind)
    amount_rub = MoneyField(_("сумма, ₽"))
    on = models.DateField(_("на начало дня"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=250)
    owed_rub = MoneyField(_("счёт был должен, ₽"))
    state = models.CharField(_("состояние"), max_length=12, choices=State, default=State.WAITING)
    note = models.CharField(_("пояснение"), max_length=400, blank=True)
    request_id = models.UUIDField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("предложено"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("решено"), null=True, blank=True)
    document = SupplierForeignKey("charges.Adjustment", null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("предложенный документ")
        verbose_name_plural = _("предложенные документы")
        constraints = [
            models.UniqueConstraint("supplier", "request_id", name="proposal_request"),
            models.UniqueConstraint(
                "supplier", "account", "service", condition=Q(state="waiting"), name="proposal_one_waits"
            ),
            models.CheckConstraint(condition=Q(amount_rub__lt=0), name="proposal_lowers"),
            models.CheckConstraint(condition=~Q(reason=""), name="proposal_has_reason"),
            models.CheckConstraint(
                condition=Q(kind="opening", on__isnull=False) | ~Q(kind="opening") & Q(on__isnull=True),
                name="proposal_day",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="proposal_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"])
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")),
                name="proposal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", document__isnull=False) | ~Q(state="approved") & Q(document__isnull=True),
                name="proposal_becomes_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_rub}, {self.state}"
