"""What the gateway says of a day, and how it agrees with what we know."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.payments.models.payments import Payment
from kabinet.payments.models.refunds import Refund
from kabinet.payments.models.shops import Shop
from kabinet.suppliers.models import SupplierOwned


class GatewayStatement(SupplierOwned):
    """A gateway's list of one Moscow day of a shop: its register file, or what its API lists. Loaded once, by hash."""

    class Source(models.TextChoices):
        PAYMENTS_FILE = "payments", _("реестр платежей")
        REFUNDS_FILE = "refunds", _("реестр возвратов")
        API_LIST = "list", _("список из платёжной системы")

    shop = SupplierForeignKey(Shop, related_name="+")
    day = models.DateField(_("день"))
    source = models.CharField(_("что это"), max_length=8, choices=Source)
    file_name = models.CharField(_("файл"), max_length=200, blank=True)
    content_sha256 = models.CharField(max_length=64)
    lines_count = models.PositiveIntegerField(_("строк"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    loaded_at = models.DateTimeField(_("загружен"))

    class Meta:
        verbose_name = _("реестр платёжной системы")
        verbose_name_plural = _("реестры платёжных систем")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "shop", "source", "day", "content_sha256"], name="statement_loaded_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"


class GatewayStatementLine(SupplierOwned):
    """One line as the gateway wrote it. `object_id` may stand twice: that is a finding, not an error of the file.

    income_rub   what is left after the gateway's fee; None where the source does not say
    captured_at  when the money was taken or given back
    public_id    our own id, as it came back in the metadata
    """

    class Kind(models.TextChoices):
        PAYMENT = "payment", _("платёж")
        REFUND = "refund", _("возврат")
        CHARGEBACK = "chargeback", _("отзыв банком")

    statement = SupplierForeignKey(GatewayStatement, related_name="lines")
    line_no = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.CharField(max_length=64)
    payment_object_id = models.CharField(max_length=64, blank=True)
    public_id = models.UUIDField(null=True)
    amount_rub = MoneyField()
    income_rub = MoneyField(null=True)
    captured_at = models.DateTimeField()

    class Meta:
        verbose_name = _("строка реестра")
        verbose_name_plural = _("строки реестра")
        constraints = [models.UniqueConstraint(fields=["supplier", "statement", "line_no"], name="statement_line_once")]
        indexes = [
            models.Index(fields=["supplier", "object_id"], name="statement_line_object"),
            models.Index(fields=["supplier", "captured_at"], name="statement_line_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class ReconciliationDay(SupplierOwned):
    """One Moscow day of a shop: open until every line is equal or a person has said why it may differ.

    has_register  both files of the day have come; without them a day is not closed by itself
    has_list      the gateway gave its own list of the day; some have none
    equal_rub     payments less refunds and chargebacks, of the lines that are equal
    fee_rub       what the gateway keeps of the day's payments; None while it has not said
    note          why a person closed a day that did not close by itself
    """

    class State(models.TextChoices):
        OPEN = "open", _("Не сверен")
        CLOSED = "closed", _("Сверен")

    shop = SupplierForeignKey(Shop, related_name="+")
    day = models.DateField(_("день"))
    state = models.CharField(_("состояние"), max_length=6, choices=State, default=State.OPEN)
    has_register = models.BooleanField(_("реестр загружен"), default=False)
    has_list = models.BooleanField(_("список получен"), default=False)
    equal_count = models.PositiveIntegerField(_("совпало"), default=0)
    equal_rub = MoneyField(_("на сумму, ₽"), default=0)
    fee_rub = MoneyField(_("удержано платёжной системой, ₽"), null=True, blank=True)
    note = models.CharField(_("почему закрыт"), max_length=250, blank=True)
    reconciled_at = models.DateTimeField(_("сверялся"), null=True, blank=True)
    closed_at = models.DateTimeField(_("закрыт"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("день сверки")
        verbose_name_plural = _("дни сверки")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "shop", "day"], name="reconciliation_day_once"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="reconciliation_day_closed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "day"], condition=Q(state="open"), name="reconciliation_day_open"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.day}"


class DayLine(SupplierOwned):
    """A line of a day that is not equal: of which class, what each side says, and what a person said to it.

    subject     the gateway's object, or our number while we do not know it; with class and kind it names the line
    ours_rub, theirs_rub  what each side says; where fees differ, the fee by the gateway's list and by its register
    is_gone     a later recount found it settled by itself
    """

    class Finding(models.TextChoices):
        ONLY_THEIRS_OURS = "theirs_ours", _("есть у них, наш по номеру: учтён")
        ONLY_THEIRS_FOREIGN = "theirs_foreign", _("есть у них, нашего платежа нет")
        ONLY_OURS = "only_ours", _("есть у нас, у них нет")
        AMOUNT_DIFFERS = "amount", _("суммы различаются")
        FEE_DIFFERS = "fee", _("комиссия различается")
        DOUBLED = "doubled", _("у них дважды")
        OTHER_DAY = "other_day", _("у них другим днём")
        ONE_SOURCE = "one_source", _("есть только в списке или только в реестре")
        REFUND_UNASKED = "refund_unasked", _("возврат, о котором мы не просили")
        CHARGEBACK = "chargeback", _("банк отозвал платёж")

    reconciliation_day = SupplierForeignKey(ReconciliationDay, related_name="lines")
    kind = models.CharField(_("вид"), max_length=12, choices=GatewayStatementLine.Kind)
    finding = models.CharField(_("что не так"), max_length=16, choices=Finding)
    subject = models.CharField(_("номер"), max_length=64)
    payment = SupplierForeignKey(Payment, related_name="+", null=True, blank=True)
    refund = SupplierForeignKey(Refund, related_name="+", null=True, blank=True)
    ours_rub = MoneyField(_("у нас, ₽"), null=True, blank=True)
    theirs_rub = MoneyField(_("у них, ₽"), null=True, blank=True)
    is_gone = models.BooleanField(_("сошлось само"), default=False)
    note = models.CharField(_("решение"), max_length=250, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("расхождение дня")
        verbose_name_plural = _("расхождения дня")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "reconciliation_day", "finding", "kind", "subject"], name="day_line_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.finding} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Somebody still has to look at it."""
        return not self.is_gone and not self.note


class Payout(SupplierOwned):
    """Money that has reached the supplier's bank account from the gateway: payments of some days less fee and refunds.

    amount_rub  what came to the bank
    fee_rub     what the gateway kept: clearing falls by both together
    """

    shop = SupplierForeignKey(Shop, related_name="+")
    reference = models.CharField(_("номер платёжного поручения"), max_length=64)
    came_on = models.DateField(_("поступило"))
    amount_rub = MoneyField(_("поступило, ₽"))
    fee_rub = MoneyField(_("удержано, ₽"), default=0)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("выплата")
        verbose_name_plural = _("выплаты")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "shop", "reference"], name="payout_once"),
            models.CheckConstraint(condition=Q(amount_rub__gt=0, fee_rub__gte=0), name="payout_sums"),
        ]

    def __str__(self) -> str:
        return self.reference
