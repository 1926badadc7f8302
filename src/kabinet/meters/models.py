"""Meters, their scales, and readings."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.rules.keyboards import CYRILLIC_ALIKE, LATIN_ALIKE
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import VolumeField
from kabinet.common.periods import ends_after_it_begins, one_a_day
from kabinet.meters.rules import Consumption
from kabinet.suppliers.models import SupplierOwned


class SerialKey(Func):
    """A serial number as it is searched: letters and digits, capitals, those that look alike as Cyrillic ones."""

    function = "translate"
    output_field = TextField()

    def __init__(self) -> None:
        super().__init__(Upper("serial_number"), Value(f"{LATIN_ALIKE} -./№"), Value(CYRILLIC_ALIKE))


class Meter(SupplierOwned):
    """A meter (прибор учёта) at the place of one account."""

    account = SupplierForeignKey("accounts.Account", related_name="+", verbose_name=_("лицевой счёт"))
    serial_number = models.CharField(_("заводской номер"), max_length=40)
    model_name = models.CharField(_("модель"), max_length=80, blank=True)
    location = models.CharField(_("где стоит"), max_length=80, blank=True)
    digits = models.PositiveSmallIntegerField(
        _("цифр до запятой"), default=5, validators=[MinValueValidator(3), MaxValueValidator(9)]
    )
    installed_on = models.DateField(_("установлен"), null=True, blank=True)
    removed_on = models.DateField(_("снят"), null=True, blank=True)
    verification_due_on = models.DateField(
        _("поверка до"), null=True, blank=True, help_text=_("последний день, когда показания принимаются к расчёту")
    )
    seal_number = models.CharField(_("пломба"), max_length=40, blank=True)
    usage_purpose_code = models.SlugField(
        _("что измеряет"), max_length=40, blank=True, help_text=_("пусто — всё, что есть у счёта")
    )
    needs_volume_factor = models.BooleanField(
        _("нужен температурный коэффициент"),
        default=False,
        help_text=_("стоит на холоде и не приводит объём к нормальным условиям сам"),
    )

    class Meta:
        verbose_name = _("счётчик")
        verbose_name_plural = _("счётчики")
        constraints = [
            models.UniqueConstraint("supplier", "account", "serial_number", name="meter_serial_of_account"),
            models.CheckConstraint(condition=Q(digits__range=(3, 9)), name="meter_digits"),
        ]
        indexes = [GinIndex(OpClass(SerialKey(), "gin_trgm_ops"), name="meter_by_serial", fastupdate=False)]

    def __str__(self) -> str:
        return self.serial_number


class MeterScale(SupplierOwned):
    """A dial of a meter, or one of its rate zones: T1, T2, T3."""

    meter = SupplierForeignKey(Meter, related_name="+", verbose_name=_("счётчик"))
    zone = models.CharField(_("зона"), max_length=2, default="T1")
    name = models.CharField(_("название"), max_length=40, blank=True, help_text=_("пусто, если шкала одна"))

    class Meta:
        verbose_name = _("шкала")
        verbose_name_plural = _("шкалы")
        ordering = ["zone"]
        constraints = [models.UniqueConstraint("supplier", "meter", "zone", name="meter_scale_zone")]

    def __str__(self) -> str:
        return self.name or self.zone


class MeterOutage(SupplierOwned):
    """Days [valid_from, valid_until) on which a meter does not count. An open end: it still does not.

    That verification has run out needs no row while it lasts, `Meter.verification_due_on` says it; the row is written
    when the meter is verified again, so that those days stay known.
    """

    class Reason(models.TextChoices):
        UNVERIFIED = "unverified", _("истекла поверка")
        SEAL_DAMAGED = "seal_damaged", _("повреждена пломба")
        FAULTY = "faulty", _("неисправен")
        REMOVED = "removed", _("снят на поверку или в ремонт")

    meter = SupplierForeignKey(Meter, related_name="+", verbose_name=_("счётчик"))
    reason = models.CharField(_("причина"), max_length=12, choices=Reason)
    valid_from = models.DateField(_("с"))
    valid_until = models.DateField(_("до"), null=True, blank=True, help_text=_("первый день, когда снова считает"))
    document = models.CharField(_("документ"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("перерыв в учёте")
        verbose_name_plural = _("перерывы в учёте")
        ordering = ["valid_from"]
        constraints = [
            one_a_day("meter_outage_one_a_day", "supplier", "meter"),
            ends_after_it_begins("meter_outage_days"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.valid_from}"


class Reading(SupplierOwned):
    """What a scale showed at the end of a day, with the consumption since the accepted reading before it.

    used_from    first day of that consumption; it ends with `taken_on`; an opening reading has neither it nor
                 `previous_m3`
    is_unproven  handed in by somebody who has not proven that the account is theirs
    photo_asked_at  when staff first asked for a photo of the meter
    review_note  what staff said when they decided whether it counts, as its customer sees it
    """

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("личный кабинет")
        OPERATOR = "operator", _("сотрудник поставщика")
        INSPECTOR = "inspector", _("контролёр")
        OPENING = "opening", _("начальное показание")
        CLOSING = "closing", _("конечное показание")
        IMPORT = "import", _("реестр поставщика")

    class Status(models.TextChoices):
        ACCEPTED = "accepted", _("принято")
        QUESTIONABLE = "questionable", _("на проверке")
        REJECTED = "rejected", _("не учтено")

    account = SupplierForeignKey("accounts.Account", related_name="+")
    meter = SupplierForeignKey(Meter, related_name="+")
    scale = SupplierForeignKey(MeterScale, related_name="+")
    value_m3 = VolumeField(_("показание, м³"))
    previous_m3 = VolumeField(_("предыдущее, м³"), null=True, blank=True)
    used_from = models.DateField(_("расход с"), null=True, blank=True)
    volume_m3 = VolumeField(_("расход, м³"))
    taken_on = models.DateField(_("снято"))
    submitted_at = models.DateTimeField(_("передано"))
    source = models.CharField(_("источник"), max_length=10, choices=Source)
    status = models.CharField(_("состояние"), max_length=12, choices=Status)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    request_id = models.UUIDField(null=True, blank=True)
    is_rollover = models.BooleanField(_("прошёл через ноль"), default=False)
    is_unproven = models.BooleanField(_("без подтверждения счёта"), default=False)
    review_note = models.CharField(_("решение по показанию"), max_length=250, blank=True)
    photo_asked_at = models.DateTimeField(_("попросили фото"), null=True, blank=True)

    class Meta:
        verbose_name = _("показание")
        verbose_name_plural = _("показания")
        constraints = [
            models.UniqueConstraint("supplier", "scale", "request_id", name="reading_request"),
            models.CheckConstraint(condition=Q(value_m3__gte=0, volume_m3__gte=0), name="reading_not_negative"),
            models.CheckConstraint(
                condition=Q(used_from__isnull=True, previous_m3__isnull=True)
                | Q(used_from__isnull=False, previous_m3__isnull=False),
                name="reading_interval",
            ),
        ]
        indexes = [
            models.Index("supplier", "account", "taken_on", name="reading_by_account"),
            models.Index("supplier", "scale", "taken_on", name="reading_by_scale"),
            # Readings come in the order of their days: a few pages of an index tell where those of a month lie.
            BrinIndex("taken_on", name="reading_by_day", autosummarize=True),
            models.Index(
                fields=["supplier", "submitted_at"], condition=Q(status="questionable"), name="reading_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value_m3} {self.taken_on}"

    @property
    def consumption(self) -> Consumption | None:
        """What was used since the reading before this one; None for an opening reading."""
        if self.used_from is None:
            return None
        return Consumption(self.used_from, self.taken_on + dt.timedelta(days=1), self.volume_m3)


class ReadingPhoto(SupplierOwned):
    """A photo of the meter that came with a reading, drawn anew. One at a time: a better one takes its place.

    stored_as  folder and first part of the names of its files (``operations.photos``); nobody can guess it
    """

    reading = SupplierForeignKey(Reading, related_name="+", verbose_name=_("показание"))
    stored_as = models.CharField(_("файл"), max_length=120)
    added_at = models.DateTimeField(_("добавлена"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("фотография счётчика")
        verbose_name_plural = _("фотографии счётчиков")
        constraints = [
            models.UniqueConstraint("supplier", "reading", name="reading_photo_one"),
            models.UniqueConstraint("supplier", "stored_as", name="reading_photo_file"),
        ]
        indexes = [models.Index("supplier", "added_at", name="reading_photo_by_age")]

    def __str__(self) -> str:
        return self.stored_as
