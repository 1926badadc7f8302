"""Charges, and what has settled them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField, MonthField, PriceField, VolumeField
from kabinet.suppliers.models import SupplierOwned


class ChargeLine(SupplierOwned):
    """What a line of charges holds, be it charged or only computed.

    line_no                 from 1, within account, service and period
    volume_m3               what it is for; below zero where more was charged before than was used
    amount_rub              below zero lowers what is owed: a benefit, a correction
    formula                 the computation in numbers: «28 м³ × 4,37507 ₽/м³ = 122,50 ₽»
    inputs                  what went into it, by name; numbers and days are text
    rule_source             the act or order that it follows, as shown to people
    used_since, used_until  the days [since, until) of the consumption that it is for
    for_period              the month that it is about, when that is another than the one it is charged under
    """

    class Kind(models.TextChoices):
        METERED = "metered", _("по счётчику")
        AVERAGE = "average", _("по среднему расходу")
        NORM = "norm", _("по нормативу")
        CORRECTION = "correction", _("перерасчёт")
        FIXED = "fixed", _("по договору")
        BENEFIT = "benefit", _("льгота")
        PENALTY = "penalty", _("пени")
        ADJUSTMENT = "adjustment", _("корректировка")
        OPENING = "opening", _("входящий остаток")
        IMPORTED = "imported", _("по данным поставщика")

    account = SupplierForeignKey("accounts.Account", related_name="+")
    service = SupplierForeignKey("suppliers.Service", related_name="+")
    period = MonthField(_("период"))
    line_no = models.PositiveSmallIntegerField(_("строка"))
    kind = models.CharField(_("вид"), max_length=12, choices=Kind)
    volume_m3 = VolumeField(_("объём, м³"), null=True, blank=True)
    price_rub_per_m3 = PriceField(_("цена, ₽/м³"), null=True, blank=True)
    amount_rub = MoneyField(_("сумма, ₽"))
    formula = models.CharField(_("расчёт"), max_length=250, blank=True)
    inputs = models.JSONField(default=dict)
    rule_source = models.CharField(_("основание"), max_length=250, blank=True)
    meter = SupplierForeignKey("meters.Meter", null=True, blank=True, related_name="+", db_index=False)
    scale = SupplierForeignKey("meters.MeterScale", null=True, blank=True, related_name="+", db_index=False)
    reading = SupplierForeignKey("meters.Reading", null=True, blank=True, related_name="+", db_index=False)
    used_since = models.DateField(_("расход с"), null=True, blank=True)
    used_until = models.DateField(_("расход до"), null=True, blank=True)
    for_period = MonthField(_("за период"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.period}: {self.amount_rub}"


class Charge(ChargeLine):
    """One line of a month's charges (начисление), as it was computed. Nothing in it changes but `settled_rub`.

    settled_rub  how much of it payments have settled: the sum of its allocations, changed under the account's lock
    run          the accrual that has charged it; null for a line that was made for one account alone
    reverses     the line that this one takes back whole
    """

    settled_rub = MoneyField(_("погашено, ₽"), default=0)
    charged_on = models.DateField(_("начислено"))
    run = SupplierForeignKey("charges.AccrualRun", null=True, blank=True, related_name="+", db_index=False)
    reverses = SupplierForeignKey("self", null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("начисление")
        verbose_name_plural = _("начисления")
        constraints = [
            models.UniqueConstraint("supplier", "account", "service", "period", "line_no", name="charge_line"),
            models.UniqueConstraint(
                "supplier", "reverses", condition=Q(reverses__isnull=False), name="charge_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_rub__gte=0, settled_rub__lte=F("amount_rub")) | Q(settled_rub=0, amount_rub__lt=0),
                name="charge_settled_within_amount",
            ),
        ]
        indexes = [
            models.Index("supplier", "reading", name="charge_by_reading"),
            models.Index(
                "supplier", "account", condition=Q(settled_rub__lt=F("amount_rub")), name="charge_unpaid_of_account"
            ),
        ]


class Allocation(SupplierOwned):
    """A part of a credit transfer that has settled a charge, and the rule by which it did."""

    transfer = SupplierForeignKey("ledger.Transfer", related_name="+")
    charge = SupplierForeignKey(Charge, related_name="+")
    amount_rub = MoneyField()
    rule = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("зачёт оплаты")
        verbose_name_plural = _("зачёты оплат")
        constraints = [
            models.UniqueConstraint("supplier", "transfer", "charge", name="allocation_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="allocation_above_zero"),
        ]
        indexes = [models.Index("supplier", "charge", name="allocation_by_charge")]

    def __str__(self) -> str:
        return f"{self.transfer_id} → {self.charge_id}: {self.amount_rub}"


class CreditReturn(SupplierOwned):
    """How much of a credit transfer has gone back to whoever paid it: so much of it settles nothing any more.

    Allocations of a transfer and its return together are never more than the transfer.
    """

    transfer = SupplierForeignKey("ledger.Transfer", related_name="+")
    amount_rub = MoneyField()

    class Meta:
        verbose_name = _("возврат зачтённого")
        verbose_name_plural = _("возвраты зачтённого")
        constraints = [
            models.UniqueConstraint("supplier", "transfer", name="credit_return_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0), name="credit_return_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.amount_rub}"


class ReleasedAllocation(SupplierOwned):
    """What settled a charge until it went back: the charge was not owed meanwhile, so it bore no penalties.

    released_on  the day on which the money went back, or a write-off was taken back; owed again from the day after
    """

    transfer = SupplierForeignKey("ledger.Transfer", related_name="+", db_index=False)
    charge = SupplierForeignKey(Charge, related_name="+", db_index=False)
    amount_rub = MoneyField()
    released_on = models.DateField()

    class Meta:
        verbose_name = _("отменённый зачёт")
        verbose_name_plural = _("отменённые зачёты")
        constraints = [models.CheckConstraint(condition=Q(amount_rub__gt=0), name="released_allocation_above_zero")]
        indexes = [models.Index("supplier", "charge", name="released_allocation_by_charge")]

    def __str__(self) -> str:
        return f"{self.transfer_id} ← {self.charge_id}: {self.amount_rub}"
