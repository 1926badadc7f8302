"""A supplier's card, and the base of every table that belongs to a supplier."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

from kabinet.common.fields import MoneyField, VolumeField


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

    class ReadingPhotos(models.TextChoices):
        OFF = "off", _("не принимать")
        WELCOME = "welcome", _("по желанию")
        REQUIRED = "required", _("нужна, если расход намного больше обычного")

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
    lite_submits_readings = models.BooleanField(_("показания и при неполном доступе"), default=True)
    reading_note = models.CharField(_("сообщение над показаниями"), max_length=500, blank=True)
    reading_photos = models.CharField(
        _("фотография счётчика"), max_length=8, choices=ReadingPhotos, default=ReadingPhotos.WELCOME
    )
    photo_days = models.PositiveSmallIntegerField(
        _("сколько дней хранить фотографии"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(1095)],
    )
    own_sum_limit_rub = MoneyField(_("наибольшая сумма платежа, ₽"), default=Decimal(15_000))
    accepts_payments = models.BooleanField(_("принимать оплату в кабинете"), default=True)
    offers_autopay = models.BooleanField(_("предлагать автоплатёж"), default=True)
    payment_note = models.CharField(_("сообщение над оплатой"), max_length=500, blank=True)
    offers_certificates = models.BooleanField(_("выдавать справки"), default=True)
    announces_imported_charges = models.BooleanField(_("писать о начислениях из реестра"), default=False)
    verification_notice_days = models.PositiveSmallIntegerField(
        _("за сколько дней напоминать о поверке"), default=60, validators=[MaxValueValidator(365)]
    )
    pause_note = models.CharField(
        _("приём приостановлен: почему и до какого дня"),
        max_length=500,
        blank=True,
        help_text=_("пока здесь есть текст, кабинет не принимает ни показаний, ни оплаты"),
    )
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
            models.CheckConstraint(condition=models.Q(photo_days__range=(30, 1095)), name="supplier_photo_days"),
            models.CheckConstraint(
                condition=~models.Q(proof="none", access_without_proof="none"),
                name="supplier_can_be_attached_to",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_money(self) -> bool:
        """Whether customers pay in the cabinet now."""
        return self.accepts_payments and not self.pause_note


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
