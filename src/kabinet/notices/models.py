"""Notices, whom they have reached, and who wants no letters."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kabinet.common.db import SupplierForeignKey
from kabinet.suppliers.models import SupplierOwned


class Notice(SupplierOwned):
    """What a supplier tells its customers.

    audience           rules.Audience, as JSON: what narrows it; empty for everybody
    shown_until        the first day on which it is no longer in the cabinet
    is_mandatory       goes also to those who want no letters: the law asks to be told (a break of supply, a price)
    handled_up_to      the account up to which batches have gone, in the order of ids
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("черновик")
        SENDING = "sending", _("рассылается")
        SENT = "sent", _("отправлено")
        STOPPED = "stopped", _("остановлено")

    subject = models.CharField(_("тема"), max_length=120)
    text = models.TextField(_("текст"), max_length=4000)
    audience = models.JSONField(_("кому"), default=dict)
    has_letter = models.BooleanField(_("письмом"), default=True)
    has_banner = models.BooleanField(_("в кабинете"), default=False)
    shown_from = models.DateField(_("показывать с"), null=True, blank=True)
    shown_until = models.DateField(_("показывать до"), null=True, blank=True)
    is_mandatory = models.BooleanField(_("обязательное"), default=False)
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    written_at = models.DateTimeField(_("написано"))
    request_id = models.UUIDField(editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False)
    sending_since = models.DateTimeField(_("отправка начата"), null=True, blank=True)
    sent_at = models.DateTimeField(_("отправлено"), null=True, blank=True)
    handled_up_to = models.BigIntegerField(default=0)
    accounts_count = models.PositiveIntegerField(_("счетов"), default=0)
    letters_count = models.PositiveIntegerField(_("писем"), default=0)

    class Meta:
        verbose_name = _("уведомление")
        verbose_name_plural = _("уведомления")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "request_id"], name="notice_request"),
            models.CheckConstraint(condition=Q(has_letter=True) | Q(has_banner=True), name="notice_goes_some_way"),
            models.CheckConstraint(
                condition=Q(has_banner=False, shown_from__isnull=True, shown_until__isnull=True)
                | Q(has_banner=True, shown_from__isnull=False, shown_until__gt=F("shown_from")),
                name="notice_banner_days",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sending_since__isnull=True)
                | (~Q(state="draft") & Q(sending_since__isnull=False)),
                name="notice_sent_since",
            ),
        ]
        indexes = [
            models.Index(fields=["supplier", "shown_until"], condition=Q(has_banner=True), name="notice_shown"),
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeAccount(SupplierOwned):
    """An account that a notice is for. A notice for everybody has none: it is for every account."""

    notice = SupplierForeignKey(Notice, related_name="+", db_index=False)
    account = SupplierForeignKey("accounts.Account", related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "notice", "account"], name="notice_account_once")]

    def __str__(self) -> str:
        return f"notice {self.notice_id} for {self.account_id}"


class NoticeLetter(SupplierOwned):
    """Who a letter of a notice was asked for: each person once."""

    notice = SupplierForeignKey(Notice, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "notice", "user"], name="notice_letter_once")]

    def __str__(self) -> str:
        return f"notice {self.notice_id} to {self.user_id}"


class LettersDeclined(models.Model):
    """Somebody who wants no letters of suppliers, except those that the law asks for."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    declined_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}"
