"""Suppliers, and the base of every table that belongs to one of them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import MoneyField, MonthField, VolumeField


class Supplier(models.Model):
    """A utility supplier: one card with everything that differs between them."""

    class Billing(models.TextChoices):
        EXTERNAL = "external", _("у поставщика, реестрами")
        KABINET = "kabinet", _("здесь")

    class NumberCheck(models.TextChoices):
        NONE = "none", _("нет")
        MOD11 = "mod11", _("по модулю 11")
        LUHN = "luhn", _("алгоритм Луна")

    class Proof(models.TextChoices):
        NONE = "none", _("не спрашивать")
        METER_SERIAL = "meter_serial", _("последние 5 знаков заводского номера счётчика")
        LAST_CHARGE = "last_charge", _("сумма последнего начисления")
        SURNAME = "surname", _("фамилия плательщика")

    class AccessWithoutProof(models.TextChoices):
        NONE = "none", _("никакой")
        LITE = "lite", _("неполный")
        FULL = "full", _("полный")

    code = models.SlugField(_("код"), max_length=40, unique=True)
    name = models.CharField(_("название"), max_length=120)
    name_key = models.GeneratedField(
        expression=Replace(Lower("name"), models.Value("ё"), models.Value("е")),
        output_field=models.CharField(max_length=120),
        db_persist=True,
    )
    full_name = models.CharField(_("полное название"), max_length=250)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    time_zone = models.CharField(_("часовой пояс"), max_length=40, default="Europe/Moscow")
    billing = models.CharField(_("где начисляют"), max_length=8, choices=Billing, default=Billing.KABINET)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    email = models.EmailField(_("эл. почта"), blank=True)
    site = models.URLField(_("сайт"), blank=True)
    address = models.CharField(_("адрес"), max_length=250, blank=True)
    form_name = models.CharField(_("название бланка"), max_length=40, blank=True, help_text=_("например, 2А ГАЗ 012"))

    number_pattern = models.CharField(
        _("вид номера счёта"),
        max_length=120,
        default=r"\d{6,12}",
        help_text=_("регулярное выражение для номера целиком"),
    )
    number_length = models.PositiveSmallIntegerField(
        _("длина номера"), null=True, blank=True, help_text=_("пусто — длина бывает разной")
    )
    number_kept = models.CharField(
        _("знаки внутри номера"),
        max_length=8,
        blank=True,
        help_text=_("какие из знаков - . / входят в номер; остальные пропускаются"),
    )
    number_check = models.CharField(_("контрольная цифра"), max_length=8, choices=NumberCheck, default=NumberCheck.NONE)
    number_example = models.CharField(_("пример номера"), max_length=40, blank=True)
    number_hint = models.CharField(_("подсказка к номеру"), max_length=250, blank=True)

    proof = models.CharField(_("чем подтверждают счёт"), max_length=16, choices=Proof, default=Proof.NONE)
    access_without_proof = models.CharField(
        _("доступ без подтверждения"),
        max_length=8,
        choices=AccessWithoutProof,
        default=AccessWithoutProof.LITE,
    )

    reading_opens_day = models.PositiveSmallIntegerField(
        _("показания с"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    reading_closes_day = models.PositiveSmallIntegerField(
        _("показания по"),
        default=31,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("последний день приёма"),
    )
    allow_rollover = models.BooleanField(_("счётчик может пройти через ноль"), default=True)
    max_volume_m3 = VolumeField(_("наибольший расход за раз, м³"), default=Decimal(10_000))
    plausible_ratio = models.DecimalField(
        _("во сколько раз больше обычного — переспросить"), max_digits=5, decimal_places=2, default=Decimal(3)
    )
    own_sum_limit_rub = MoneyField(_("наибольшая сумма платежа, ₽"), default=Decimal(15_000))
    is_listed = models.BooleanField(_("показывать в списке"), default=True)

    class Meta:
        verbose_name = _("поставщик")
        verbose_name_plural = _("поставщики")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reading_opens_day__range=(1, 31), reading_closes_day__range=(1, 31)),
                name="supplier_reading_days",
            ),
            models.CheckConstraint(
                condition=models.Q(max_volume_m3__gt=0, plausible_ratio__gte=1, own_sum_limit_rub__gte=1),
                name="supplier_limits",
            ),
            models.CheckConstraint(
                condition=~models.Q(proof="none", access_without_proof="none"),
                name="supplier_can_be_attached_to",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SupplierOwned(models.Model):
    """The base of every table whose rows belong to a supplier.

    Such a table can be sharded by supplier (docs/adr/0030): its unique constraints name the
    supplier, its keys to other such tables are pairs, and a row never moves to another supplier.
    """

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("поставщик")
    )

    class Meta:
        abstract = True

    def _do_update(  # type: ignore[override]  # the stubs are those of a later Django
        self,
        base_qs: models.QuerySet,
        using: str | None,
        pk_val: Any,
        values: Iterable[tuple[models.Field, Any, Any]],
        update_fields: Iterable[str] | None,
        forced_update: bool,
    ) -> bool:
        """Update a row within its supplier: a sharded table refuses SET supplier_id and wants it in WHERE."""
        kept = [value for value in values if value[0].attname != "supplier_id"]
        own_rows = base_qs.filter(supplier_id=self.supplier_id)
        return super()._do_update(own_rows, using, pk_val, kept, update_fields, forced_update)  # type: ignore[call-arg, return-value]


class Service(SupplierOwned):
    """What a supplier charges for, each with a balance of its own: gas, maintenance, penalty."""

    GAS = "gas"
    MAINTENANCE = "maintenance"
    PENALTY = "penalty"

    code = models.SlugField(_("код"), max_length=40)
    name = models.CharField(_("название"), max_length=120)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)
    is_main = models.BooleanField(_("основная"), default=False, help_text=_("на неё ложится аванс"))

    class Meta:
        verbose_name = _("услуга")
        verbose_name_plural = _("услуги")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "code"], name="service_code"),
            models.UniqueConstraint(fields=["supplier"], condition=models.Q(is_main=True), name="service_one_main"),
        ]

    def __str__(self) -> str:
        return self.name


class UsagePurpose(SupplierOwned):
    """A direction of use of gas (cooking, water heating, heating): the price depends on it."""

    code = models.SlugField(_("код"), max_length=40)
    name = models.CharField(_("название"), max_length=200)

    class Meta:
        verbose_name = _("направление использования газа")
        verbose_name_plural = _("направления использования газа")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["supplier", "code"], name="usage_purpose_code")]

    def __str__(self) -> str:
        return self.name


class BankDetails(SupplierOwned):
    """Where money for a supplier is sent: by banks to a settlement account, by agents to a special one, 40821."""

    class Channel(models.TextChoices):
        BANK = "bank", _("для плательщиков в банках")
        AGENT = "agent", _("для платёжных агентов")

    channel = models.CharField(_("для кого"), max_length=8, choices=Channel, default=Channel.BANK)
    bank_name = models.CharField(_("банк"), max_length=160)
    bic = models.CharField(_("БИК"), max_length=9)
    account_number = models.CharField(_("расчётный счёт"), max_length=20)
    correspondent_account = models.CharField(_("корреспондентский счёт"), max_length=20)
    position = models.PositiveSmallIntegerField(_("порядок"), default=0)

    class Meta:
        verbose_name = _("банковские реквизиты")
        verbose_name_plural = _("банковские реквизиты")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "bic", "account_number"], name="bank_details_account"),
            models.CheckConstraint(
                condition=~models.Q(channel="agent") | models.Q(account_number__startswith="40821"),
                name="bank_details_agent_40821",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_number}, {self.bank_name}"


class TermDays(models.Model):
    """By which days of the following month a month is billed and paid. The 31st of a shorter month is its last day."""

    bill_by_day = models.PositiveSmallIntegerField(
        _("счёт до"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    pay_by_day = models.PositiveSmallIntegerField(
        _("оплата до"), validators=[MinValueValidator(1), MaxValueValidator(31)]
    )

    class Meta:
        abstract = True


class StatutoryTerm(TermDays):
    """The law's term from a period on, for every supplier that has none of its own."""

    from_month = MonthField(_("с периода"), unique=True)
    source = models.CharField(_("акт"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("срок оплаты по закону")
        verbose_name_plural = _("сроки оплаты по закону")
        ordering = ["from_month"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bill_by_day__range=(1, 31), pay_by_day__range=(1, 31)), name="statutory_term_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month}: {self.bill_by_day}, {self.pay_by_day}"


class PaymentTerm(SupplierOwned, TermDays):
    """A supplier's own term, by its contracts, from a period on: it holds instead of the law's."""

    from_month = MonthField(_("с периода"))

    class Meta:
        verbose_name = _("срок оплаты")
        verbose_name_plural = _("сроки оплаты")
        ordering = ["from_month"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "from_month"], name="payment_term_from_month"),
            models.CheckConstraint(
                condition=models.Q(bill_by_day__range=(1, 31), pay_by_day__range=(1, 31)), name="payment_term_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_month}: {self.bill_by_day}, {self.pay_by_day}"


class CalendarDay(models.Model):
    """A day that the government has moved: a holiday on a weekday, or a Saturday that is worked. For everybody."""

    day = models.DateField(_("день"), primary_key=True)
    is_working = models.BooleanField(_("рабочий"), default=False)
    source = models.CharField(_("акт"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("особый день календаря")
        verbose_name_plural = _("особые дни календаря")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}"
