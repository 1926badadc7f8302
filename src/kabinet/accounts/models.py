"""Accounts, who lives there, who has them in a cabinet, what proves ownership, and tries at attaching."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.suppliers.models import SupplierOwned


class Sound(models.Func):
    """A text as it sounds, as `rules.sounding.sound` gives it."""

    function = "public.accounts_sound"
    arity = 1
    output_field = models.TextField()


class SurnameKey(models.Func):
    """A surname as it sounds, as `rules.sounding.surname_key` gives it."""

    function = "public.accounts_surname_key"
    arity = 1
    output_field = models.TextField()


class PlaceKeys(models.Func):
    """The words and numbers of an address, each with its supplier: what `queries.search` looks addresses up by."""

    function = "public.accounts_place_keys"
    output_field = SearchVectorField()

    def __init__(self) -> None:
        super().__init__("supplier_id", "locality", "street_address", "flat")


class Account(SupplierOwned):
    """A customer account (лицевой счёт) with its payer and its place. The number is text: zeros in front are kept.

    closed_on                 the day after the last one that is charged
    residents_count, area_m2  what holds today; other days: `Residence`
    """

    number = models.CharField(_("номер"), max_length=40)
    opened_on = models.DateField(_("открыт"), null=True, blank=True)
    closed_on = models.DateField(_("закрыт"), null=True, blank=True)
    surname = models.CharField(_("фамилия"), max_length=80, blank=True)
    given_name = models.CharField(_("имя"), max_length=80, blank=True)
    patronymic = models.CharField(_("отчество"), max_length=80, blank=True)
    postcode = models.CharField(_("индекс"), max_length=6, blank=True)
    locality = models.CharField(_("населённый пункт"), max_length=120, blank=True)
    street_address = models.CharField(_("улица и дом"), max_length=160, blank=True)
    flat = models.CharField(_("квартира"), max_length=20, blank=True)
    residents_count = models.PositiveSmallIntegerField(_("проживает"), null=True, blank=True)
    area_m2 = models.DecimalField(_("площадь, м²"), max_digits=8, decimal_places=2, null=True, blank=True)
    usage_purpose_code = models.SlugField(_("направление использования газа"), max_length=40, blank=True)
    region_code = models.SlugField(_("регион нормативов"), max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("лицевой счёт")
        verbose_name_plural = _("лицевые счета")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "number"], name="account_number"),
            models.CheckConstraint(
                condition=models.Q(closed_on__isnull=True)
                | models.Q(opened_on__isnull=True)
                | models.Q(closed_on__gte=models.F("opened_on")),
                name="account_closed_after_opened",
            ),
        ]
        indexes = [
            models.Index(
                OpClass(SurnameKey("surname"), "text_pattern_ops"),
                "supplier",
                OpClass(Sound("given_name"), "text_pattern_ops"),
                name="account_by_surname",
            ),
            models.Index("supplier", OpClass("number", "varchar_pattern_ops"), name="account_by_number_start"),
            models.Index("supplier", OpClass(Reverse("number"), "text_pattern_ops"), name="account_by_number_end"),
            # Without fastupdate: what a register has just loaded is found as quickly as what was there.
            GinIndex(PlaceKeys(), name="account_by_place", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_closed(self) -> bool:
        return self.closed_on is not None


class Residence(SupplierOwned):
    """How many people lived at an account and what area it had on the days [valid_from, valid_until).

    Days that no row holds have the account's own `residents_count` and `area_m2`.
    """

    account = SupplierForeignKey(Account, related_name="+", verbose_name=_("лицевой счёт"))
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)
    residents_count = models.PositiveSmallIntegerField(_("проживает"))
    area_m2 = models.DecimalField(_("площадь, м²"), max_digits=8, decimal_places=2, null=True, blank=True)
    document = models.CharField(_("документ"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("проживающие и площадь")
        verbose_name_plural = _("проживающие и площадь")
        ordering = ["valid_from"]
        constraints = [one_a_day("residence_one_a_day", "supplier", "account"), ends_after_it_begins("residence_days")]

    def __str__(self) -> str:
        return f"{self.residents_count} {self.valid_from}"


class Absence(SupplierOwned):
    """So many of the residents were away on the days [valid_from, valid_until): they take no part in a norm.

    document  what proves it
    """

    account = SupplierForeignKey(Account, related_name="+", verbose_name=_("лицевой счёт"))
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"))
    residents_count = models.PositiveSmallIntegerField(_("отсутствует"), validators=[MinValueValidator(1)])
    document = models.CharField(_("документ"), max_length=250)

    class Meta:
        verbose_name = _("временное отсутствие")
        verbose_name_plural = _("временные отсутствия")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("absence_one_a_day", "supplier", "account"),
            ends_after_it_begins("absence_days"),
            models.CheckConstraint(condition=models.Q(residents_count__gt=0), name="absence_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.residents_count} {self.valid_from}"


class NormUnits(SupplierOwned):
    """How many units of a kind (a bath, a greenhouse, a cow) an account had on the days [valid_from, valid_until)."""

    account = SupplierForeignKey(Account, related_name="+", verbose_name=_("лицевой счёт"))
    unit_code = models.SlugField(_("единица"), max_length=40)
    units_count = models.DecimalField(_("сколько"), max_digits=8, decimal_places=2)
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True)

    class Meta:
        verbose_name = _("единицы норматива")
        verbose_name_plural = _("единицы норматива")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("norm_units_one_a_day", "supplier", "account", "unit_code"),
            ends_after_it_begins("norm_units_days"),
            models.CheckConstraint(condition=models.Q(units_count__gt=0), name="norm_units_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.units_count} {self.unit_code}"


class AccountAccess(SupplierOwned):
    """An account in somebody's cabinet: what they may see of it, its name and place in their list."""

    class Level(models.TextChoices):
        LITE = "lite", _("неполный доступ")
        FULL = "full", _("полный доступ")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    account = SupplierForeignKey(Account, related_name="+", db_index=False)
    level = models.CharField(_("доступ"), max_length=4, choices=Level)
    alias = models.CharField(_("название"), max_length=60, blank=True)
    position = models.PositiveIntegerField(_("порядок"), default=0)
    attached_at = models.DateTimeField(_("подключён"))

    class Meta:
        verbose_name = _("подключённый счёт")
        verbose_name_plural = _("подключённые счета")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["supplier", "account", "user"], name="account_access_once")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.user_id}"

    @property
    def is_full(self) -> bool:
        return self.level == self.Level.FULL


class ProofValue(SupplierOwned):
    """What an owner is expected to know, as a keyed hash.

    source  tells apart several values of one kind: the serial numbers of two meters of one account
    """

    class Kind(models.TextChoices):
        METER_SERIAL = "meter_serial", _("заводской номер счётчика")
        LAST_CHARGE = "last_charge", _("последнее начисление")
        SURNAME = "surname", _("фамилия")

    account = SupplierForeignKey(Account, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=40, blank=True)
    value_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "account", "kind", "source"], name="proof_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"


class AttachAttempt(SupplierOwned):
    """One try at attaching an account or at proving ownership: what the limits are counted from. Kept for 30 days.

    network  the visitor's address as one counter sees it: an IPv4 address, an IPv6 /64; empty when unknown
    """

    class Outcome(models.TextChoices):
        ATTACHED = "attached", _("подключён")
        UNKNOWN_NUMBER = "unknown", _("нет такого номера")
        WRONG_PROOF = "proof", _("подтверждение не подошло")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=45, blank=True)
    number = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8, choices=Outcome)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "made_at"], name="attach_attempt_by_cabinet"),
            models.Index(fields=["network", "made_at"], name="attach_attempt_by_network"),
            models.Index(fields=["supplier", "number", "made_at"], name="attach_attempt_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.made_at:%Y-%m-%d %H:%M}"


class AttachingLock(models.Model):
    """A cabinet that tried neighbouring numbers in a row: it attaches nothing until support lifts the lock.

    lifted_at  when that was; what was tried until then counts no more
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    locked_at = models.DateTimeField(_("закрыто"))
    lifted_at = models.DateTimeField(_("открыто снова"), null=True, editable=False)

    class Meta:
        verbose_name = _("закрытое подключение счетов")
        verbose_name_plural = _("закрытые подключения счетов")

    def __str__(self) -> str:
        return str(self.user_id)
