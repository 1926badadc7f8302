"""Accrual of a month for all accounts of a supplier: computed, looked at, released by a second person, posted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.charges.models.charges import ChargeLine
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MonthField
from kabinet.suppliers.models import SupplierOwned


class AccrualRun(SupplierOwned):
    """One accrual: of a month (regular), or of what a released month should have been (correction).

    period      the month that the lines are charged under
    for_period  of a correction: the released month that is computed anew; the difference is charged
    reason      of a correction: why, as people will read it
    asked_by    who answers for it: asked for it, or has checked what the night computed; None until somebody has
    known_acts  entries of the audit trail: acts on accounts that were committed when it began to be computed, or when
                one of them was computed anew; those of the hour before it and after (`queries.changed_accounts`)
    """

    class Kind(models.TextChoices):
        REGULAR = "regular", _("начисление")
        CORRECTION = "correction", _("перерасчёт")

    class State(models.TextChoices):
        COMPUTING = "computing", _("считается")
        READY = "ready", _("посчитано, ждёт проверки")
        POSTING = "posting", _("проводится")
        RELEASED = "released", _("проведено")
        CANCELLED = "cancelled", _("отменено")

    kind = models.CharField(_("вид"), max_length=12, choices=Kind, default=Kind.REGULAR)
    period = MonthField(_("период"))
    for_period = MonthField(_("за период"), null=True, blank=True)
    reason = models.CharField(_("причина"), max_length=250, blank=True)
    state = models.CharField(_("состояние"), max_length=12, choices=State, default=State.COMPUTING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("начато"))
    known_acts = models.JSONField(default=list)
    computed_at = models.DateTimeField(_("посчитано"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    release_asked_at = models.DateTimeField(_("проведение начато"), null=True, blank=True)
    released_at = models.DateTimeField(_("проведено"), null=True, blank=True)

    class Meta:
        verbose_name = _("начисление месяца")
        verbose_name_plural = _("начисления месяцев")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                "supplier",
                condition=Q(state__in=["computing", "ready", "posting"]),
                name="accrual_run_one_at_a_time",
            ),
            models.UniqueConstraint(
                "supplier",
                "period",
                condition=Q(kind="regular") & ~Q(state="cancelled"),
                name="accrual_run_one_of_a_month",
            ),
            models.CheckConstraint(
                condition=Q(kind="regular", for_period__isnull=True)
                | (Q(kind="correction", for_period__isnull=False, for_period__lt=F("period")) & ~Q(reason="")),
                name="accrual_run_correction",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(released_by=F("asked_by")),
                name="accrual_run_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.kind}"


class AccrualBatch(SupplierOwned):
    """Accounts [first_account_id, last_account_id] of a run: computed in one transaction, posted in another.

    accounts_count  how many were computed; before that, how many there were when the run was cut
    summary         what its lines come to: [{"service_id", "kind", "lines", "volume_m3", "amount_rub"}], one
                    of each service and kind
    terms_digest    what they were computed by, in brief: `queries.terms_digest`; "" where that changed meanwhile
    """

    run = SupplierForeignKey(AccrualRun, related_name="+")
    number = models.PositiveIntegerField(_("номер"))
    first_account_id = models.BigIntegerField()
    last_account_id = models.BigIntegerField()
    accounts_count = models.PositiveIntegerField(_("счетов"))
    summary = models.JSONField(default=list)
    terms_digest = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("часть начисления")
        verbose_name_plural = _("части начисления")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("supplier", "run", "number", name="accrual_batch_number"),
            models.CheckConstraint(
                condition=Q(last_account_id__gte=F("first_account_id")), name="accrual_batch_accounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"


class DraftCharge(ChargeLine):
    """A line that a run has computed and nobody has released yet. It is deleted when it becomes a charge."""

    run = SupplierForeignKey(AccrualRun, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("черновик начисления")
        verbose_name_plural = _("черновики начислений")
        constraints = [
            models.UniqueConstraint("supplier", "run", "account", "service", "line_no", name="draft_charge_line"),
        ]


class Oddity(SupplierOwned):
    """What a person should look at before a run is released.

    details  numbers and days as text, by name; the words stand where they are shown
    """

    class Kind(models.TextChoices):
        NO_TARIFF = "no_tariff", _("нет цены")
        NO_NORM = "no_norm", _("нет норматива")
        NO_FACTOR = "no_factor", _("нет температурного коэффициента")
        NO_RATE = "no_rate", _("нет ставки пеней или срока оплаты")
        MUCH_MORE = "much_more", _("намного больше обычного")
        SILENT = "silent", _("давно нет показаний")
        UNVERIFIED = "unverified", _("истекла поверка")
        PRICE_SPLIT = "price_split", _("нет контрольного показания на смену цены")
        NEGATIVE = "negative", _("сумма меньше нуля")
        FAILED = "failed", _("не посчитано из-за ошибки")

    run = SupplierForeignKey(AccrualRun, related_name="+")
    account = SupplierForeignKey("accounts.Account", related_name="+")
    kind = models.CharField(_("вид"), max_length=12, choices=Kind)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("странность")
        verbose_name_plural = _("странности")
        constraints = [models.UniqueConstraint("supplier", "run", "account", "kind", name="oddity_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"
