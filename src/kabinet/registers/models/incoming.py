"""Files from suppliers, and what became of each line."""

from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import ExactDecimalField, MoneyField, MonthField
from kabinet.suppliers.models import Supplier, SupplierOwned


class Kind(models.TextChoices):
    """What a file is about; what its lines may hold stands in ``rules.kinds``."""

    ACCOUNTS = "accounts", _("лицевые счета")
    BALANCES = "balances", _("остатки")
    CHARGES = "charges", _("начисления")
    METERS = "meters", _("счётчики")
    READINGS = "readings", _("показания")
    PAYMENTS = "payments", _("оплаты, принятые не здесь")


class Register(SupplierOwned):
    """A supplier's file: taken, read, looked at, applied, and perhaps undone. Numbers of a supplier have no gap.

    stored_as              the name of the file in the storage
    profile_name, profile  the shape that it was read by, as it was then; empty until one is chosen
    told_at                when those who may let it be applied were written to: once, however often it is read
    problem                why the whole file was refused, or why the work on it has stopped, as people read it
    sums                   what its lines come to, by name: {"amount_rub": "1234.56", …}; and how many lines the format
                           has passed over: {"ignored_count": 12}, which readings it has settled: {"settled_ids": [7]}
    broken_limits          limits that it goes beyond: [{"code", "was", "now", "most"}], numbers as text
    note                   why it is applied beyond a limit, by whoever applies it
    step, lines_done, lines_count, step_began_at
                           how far the worker is with what it does now
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("загружен, ждёт формата")
        READING = "reading", _("читается")
        CHECKED = "checked", _("проверен, ждёт решения")
        APPLYING = "applying", _("проводится")
        APPLIED = "applied", _("проведён")
        UNDOING = "undoing", _("отменяется")
        UNDONE = "undone", _("отменён после проведения")
        REFUSED = "refused", _("не принят")
        CANCELLED = "cancelled", _("снят")

    class Step(models.TextChoices):
        LINES = "lines", _("читаем строки")
        CHECKS = "checks", _("сверяем с базой")
        WRITING = "writing", _("записываем")
        SETTLING = "settling", _("зачитываем оплаты")

    kind = models.CharField(_("вид"), max_length=10, choices=Kind)
    number = models.PositiveIntegerField(_("номер"))
    state = models.CharField(_("состояние"), max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(_("файл"), max_length=250)
    stored_as = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField(_("размер, байт"))
    sha256 = models.CharField(max_length=64)
    profile_name = models.CharField(_("формат"), max_length=80, blank=True)
    profile = models.JSONField(null=True, blank=True)
    problem = models.CharField(_("почему не принят"), max_length=1000, blank=True)

    new_count = models.PositiveIntegerField(_("новых"), default=0)
    changed_count = models.PositiveIntegerField(_("изменённых"), default=0)
    unchanged_count = models.PositiveIntegerField(_("без изменений"), default=0)
    refused_count = models.PositiveIntegerField(_("не принято"), default=0)
    left_count = models.PositiveIntegerField(_("не отменено"), default=0)
    sums = models.JSONField(default=dict)
    broken_limits = models.JSONField(default=list)

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField(_("загружен"))
    checked_at = models.DateTimeField(_("проверен"), null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    apply_asked_at = models.DateTimeField(_("проведение начато"), null=True, blank=True)
    applied_at = models.DateTimeField(_("проведён"), null=True, blank=True)
    note = models.CharField(_("пояснение"), max_length=250, blank=True)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    recalled_at = models.DateTimeField(_("отмену попросили"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("отменён"), null=True, blank=True)
    undo_reason = models.CharField(_("почему отменён"), max_length=250, blank=True)

    step = models.CharField(max_length=8, choices=Step, blank=True)
    step_began_at = models.DateTimeField(null=True, blank=True)
    lines_done = models.PositiveIntegerField(default=0)
    lines_count = models.PositiveIntegerField(_("строк"), default=0)

    class Meta:
        verbose_name = _("реестр поставщика")
        verbose_name_plural = _("реестры поставщиков")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("supplier", "number", name="register_number"),
            models.UniqueConstraint(
                "supplier",
                "kind",
                "sha256",
                condition=~Q(state__in=["refused", "cancelled", "undone"]),
                name="register_file_once",
            ),
            models.UniqueConstraint(
                "supplier", condition=Q(state__in=["applying", "undoing"]), name="register_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(applied_by__isnull=True)
                | Q(uploaded_by__isnull=True)
                | ~Q(applied_by=F("uploaded_by"))
                | ~Q(kind__in=["balances", "charges", "payments"]),
                name="register_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["balances", "charges", "payments"])
                | ~Q(state__in=["undoing", "undone"])
                | Q(recalled_at__isnull=False),
                name="register_undo_is_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True) | Q(recalled_by__isnull=True) | ~Q(undone_by=F("recalled_by")),
                name="register_undo_two_people",
            ),
        ]
        indexes = [models.Index("supplier", "kind", "applied_at", name="register_last_applied")]

    def __str__(self) -> str:
        return f"{self.supplier_id} № {self.number}"

    @property
    def path(self) -> Path:
        """Where the file is stored."""
        return Path(default_storage.path(self.stored_as))

    @property
    def changes_money(self) -> bool:
        return self.kind in (Kind.BALANCES, Kind.CHARGES, Kind.PAYMENTS)


class RegisterLine(SupplierOwned):
    """A line that changes something, or was refused. Lines that change nothing are counted, and stay in the file.

    A million of them is written at once: they have no keys to other tables, since to check each would cost more than to
    write it.

    line_no             in the file; a line with several services has a row for each of them
    cells               what the file says, in the order of the kind's fields
    account_id, service_id, meter_id
                        what it is about; none of a refused line
    amount_rub          what it charges or pays; of a charge that is sent again, what it is to be now
    balance_rub         what is owed after it, as the supplier has it
    payment_id          a payment of ours that the supplier says is on its books
    sent_id             what went back of one, or came out of suspense, and the supplier says is on its books
    object_id           the id that its document has, or will have when it is applied: charge, payment, account, reading
    balance_charge_id   the same of the line that brings the account to `balance_rub`
    old                 what it replaces, by field: {"surname": "Петров"}
    reasons             why it was refused: «field:code» each; {"column", "value", "words"} where it could not be read
    is_left             what it changed could not be taken back when its register was undone
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("новая")
        CHANGED = "changed", _("изменённая")
        REFUSED = "refused", _("не принята")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    register_id = models.BigIntegerField()
    line_no = models.PositiveIntegerField(_("строка"))
    outcome = models.CharField(_("что с ней"), max_length=8, choices=Outcome)
    cells = ArrayField(models.TextField())
    account_id = models.BigIntegerField(null=True)
    service_id = models.BigIntegerField(null=True)
    meter_id = models.BigIntegerField(null=True)
    period = MonthField(null=True)
    on = models.DateField(null=True)
    amount_rub = MoneyField(null=True)
    balance_rub = MoneyField(null=True)
    payment_id = models.BigIntegerField(null=True)
    sent_id = models.BigIntegerField(null=True)
    object_id = models.BigIntegerField(null=True)
    balance_charge_id = models.BigIntegerField(null=True)
    old = models.JSONField(null=True)
    reasons = models.JSONField(null=True)
    is_left = models.BooleanField(_("осталась после отмены"), default=False)

    class Meta:
        verbose_name = _("строка реестра")
        verbose_name_plural = _("строки реестров")
        ordering = ["line_no", "id"]
        indexes = [
            models.Index("supplier", "register_id", "line_no", name="register_line_of_register"),
            models.Index(
                "supplier",
                "register_id",
                "outcome",
                "line_no",
                condition=~Q(outcome="new"),
                name="register_line_to_look_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register_id}/{self.line_no}"


class RegisterLimits(SupplierOwned):
    """How far a file of a kind may be from the last applied one, before a person has to say that it is right.

    sum_percent    by so many percent the sum may be more or less
    sum_rub        and a difference of no more than that is none, whatever its percent
    count_percent  the same for the number of lines
    lines_count    and a difference of no more lines than that is none
    line_rub       a single sum above it is looked at
    """

    kind = models.CharField(_("вид реестра"), max_length=10, choices=Kind)
    sum_percent = ExactDecimalField(
        _("сумма, ±%"), max_digits=6, decimal_places=2, default=Decimal(30), validators=[MinValueValidator(0)]
    )
    sum_rub = MoneyField(_("разница суммы не меньше, ₽"), default=Decimal(10_000))
    count_percent = ExactDecimalField(
        _("строк, ±%"), max_digits=6, decimal_places=2, default=Decimal(10), validators=[MinValueValidator(0)]
    )
    lines_count = models.PositiveIntegerField(_("разница строк не меньше"), default=5)
    line_rub = MoneyField(_("одна строка, ₽"), default=Decimal(100_000))

    class Meta:
        verbose_name = _("пределы реестра")
        verbose_name_plural = _("пределы реестров")
        constraints = [
            models.UniqueConstraint("supplier", "kind", name="register_limits_of_kind"),
            models.CheckConstraint(
                condition=Q(sum_percent__gte=0, sum_rub__gte=0, count_percent__gte=0, line_rub__gte=0),
                name="register_limits_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: ±{self.sum_percent} %"
