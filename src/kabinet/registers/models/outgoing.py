"""Files to suppliers, what left in them, and how they leave."""

import base64
import datetime as dt
import hashlib
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.common import seals
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MoneyField
from kabinet.suppliers.models import SupplierOwned

_SEALED_FOR = "kabinet.registers.dispatch"


class OutgoingKind(models.TextChoices):
    """What a file to a supplier is about."""

    PAYMENTS = "payments", _("оплаты")
    READINGS = "readings", _("показания")
    ATTACHMENTS = "attachments", _("подключения счетов")
    CONTACTS = "contacts", _("контакты абонентов")


class Container(models.TextChoices):
    """The shape of a file. One of 1C is for payments alone."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")
    ONE_C = "one_c", _("1С (1CClientBankExchange)")


class Encoding(models.TextChoices):
    """In which bytes a text leaves; a workbook has its own, and 1C's file is always cp1251."""

    UTF_8 = "utf-8-sig", _("UTF-8")
    CP1251 = "cp1251", _("Windows-1251")


class Way(models.TextChoices):
    """How a file gets to the supplier."""

    DOWNLOAD = "download", _("скачивают здесь")
    SFTP = "sftp", _("папка на сервере SFTP")
    EMAIL = "email", _("письмо с файлом")


class OutgoingRegister(SupplierOwned):
    """A file for a supplier, as it left: it is never changed. Numbers of a supplier and a kind have no gap.

    day              the supplier's day on which it was made
    made_by          None: the schedule, or the operator's terminal
    stored_as        the name of the file in the storage
    amount_rub       what its lines come to; None where there is no money in it
    next_try_at      when it is to be delivered, or is tried again; None when nothing is to be done any more
    problem          why it has not arrived, as people read it; empty while somebody is sending it
    acknowledged_by  None with a moment beside it: by the supplier's own file
    """

    class State(models.TextChoices):
        KEPT = "kept", _("ждёт скачивания")
        WAITING = "waiting", _("отправляется")
        DELIVERED = "delivered", _("доставлен")
        FAILED = "failed", _("не доставлен")

    kind = models.CharField(_("вид"), max_length=11, choices=OutgoingKind)
    number = models.PositiveIntegerField(_("номер"))
    day = models.DateField(_("день"))
    made_at = models.DateTimeField(_("составлен"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    container = models.CharField(_("вид файла"), max_length=5, choices=Container)
    file_name = models.CharField(_("файл"), max_length=120)
    stored_as = models.CharField(max_length=250)
    size = models.PositiveBigIntegerField(_("размер, байт"))
    sha256 = models.CharField(max_length=64)
    lines_count = models.PositiveIntegerField(_("строк"))
    amount_rub = MoneyField(_("сумма, ₽"), null=True, blank=True)

    way = models.CharField(_("способ"), max_length=8, choices=Way)
    state = models.CharField(_("доставка"), max_length=9, choices=State)
    sent_at = models.DateTimeField(_("поручен отправке"), null=True, blank=True)
    tries_count = models.PositiveIntegerField(_("попыток"), default=0)
    next_try_at = models.DateTimeField(_("следующая попытка"), null=True, blank=True)
    problem = models.CharField(_("почему не доставлен"), max_length=500, blank=True)
    delivered_at = models.DateTimeField(_("доставлен"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("подтверждён поставщиком"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("реестр поставщику")
        verbose_name_plural = _("реестры поставщикам")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint("supplier", "kind", "number", name="outgoing_register_number"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(next_try_at__isnull=True), name="outgoing_register_tries"
            ),
            models.CheckConstraint(condition=Q(lines_count__gt=0), name="outgoing_register_not_empty"),
        ]
        indexes = [
            models.Index("next_try_at", condition=Q(state="waiting"), name="outgoing_register_waiting"),
            models.Index("supplier", "made_at", name="outgoing_register_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.kind} № {self.number}"

    @property
    def path(self) -> Path:
        """Where the file is stored."""
        return Path(default_storage.path(self.stored_as))

    def is_being_sent(self, now: dt.datetime) -> bool:
        """Tell whether a worker has it in hand, or the mail server."""
        is_taken = self.state == self.State.WAITING and self.tries_count > 0 and not self.problem
        return is_taken and self.next_try_at is not None and self.next_try_at > now


class SentDocument(SupplierOwned):
    """A document that has left in a register: one document once, and once more when the supplier has refused it.

    source_kind, source_id  as the ledger names a payment, a refund and their kin; a reading by its id, and once more as
                            `reading_withdrawn` when it counts no longer
    our_number, operation_id
                            what its lines are known by when they come back; none of payments, known by their own
                            number, and of readings
    acknowledged_at         when the supplier has said that it is on its books; of a payment its own row says so
    refused_at, refusal     when the supplier has refused it, and in which words, until it takes it after all
    released_at             when it was refused and let go: it leaves again in the next register
    """

    register = SupplierForeignKey(OutgoingRegister, related_name="documents")
    source_kind = models.CharField(max_length=30)
    source_id = models.CharField(max_length=64)
    our_number = models.UUIDField(null=True)
    operation_id = models.CharField(max_length=100, blank=True, db_default="")
    acknowledged_at = models.DateTimeField(_("учтён поставщиком"), null=True, blank=True)
    refused_at = models.DateTimeField(_("не принят поставщиком"), null=True, blank=True)
    refusal = models.CharField(_("почему не принят"), max_length=250, blank=True, db_default="")
    released_at = models.DateTimeField(_("передаётся заново"), null=True, blank=True)

    class Meta:
        verbose_name = _("переданный документ")
        verbose_name_plural = _("переданные документы")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "source_kind", "source_id"],
                condition=Q(released_at__isnull=True),
                name="document_sent_once",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(refused_at__isnull=False, acknowledged_at__isnull=True),
                name="document_released_when_refused",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) | Q(refused_at__isnull=True),
                name="document_acknowledged_or_refused",
            ),
        ]
        indexes = [
            models.Index(
                "supplier", "our_number", condition=Q(our_number__isnull=False), name="document_by_our_number"
            ),
            models.Index("supplier", "register", condition=Q(refused_at__isnull=False), name="document_refused"),
        ]

    def __str__(self) -> str:
        return f"{self.source_kind} {self.source_id}"


class ToldHolder(SupplierOwned):
    """What a supplier has been told of an account in a cabinet; the next file tells what differs from it.

    It has no keys to accounts and users: it stays for as long as the supplier has to be told that they are gone.

    level         the access that was told; empty: not told of, or told that it is gone
    contact_hash  keyed, of the e-mail and the phone that were told; empty: none were
    """

    account_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    level = models.CharField(max_length=4, blank=True)
    contact_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("переданное подключение")
        verbose_name_plural = _("переданные подключения")
        constraints = [models.UniqueConstraint("supplier", "account_id", "user_id", name="told_holder_once")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.user_id}"


class Dispatch(SupplierOwned):
    """How files of a kind leave to a supplier: in which shape, when, and to where.

    hour              of the supplier's day, from which a file of that day is made
    weekday           0 is Monday; month_day 31 is the last day of any month
    since             readings and attachments from before that day do not leave; None: all
    contacts_basis    the document by which e-mails and phones may be told to the supplier; empty: they are not
    sealed_secret     the password, or a private key in OpenSSH's form
    host_key          the server's key, as staff have recognised it: no other server is spoken to
    offered_host_key  the key that the server showed when it was asked last, until somebody recognises it
    last_due_on       the day of the schedule that has been served
    changed_at        None: the schedule goes by what holds where nobody has chosen
    asked_at          since when somebody waits for the next file, asked for by the button; None: nobody does
    problem           why the one that was asked for last could not be made, as people read it
    """

    class Rhythm(models.TextChoices):
        BY_HAND = "by_hand", _("только по кнопке")
        DAILY = "daily", _("каждый день")
        WEEKLY = "weekly", _("раз в неделю")
        MONTHLY = "monthly", _("раз в месяц")

    kind = models.CharField(_("вид"), max_length=11, choices=OutgoingKind)
    container = models.CharField(_("вид файла"), max_length=5, choices=Container, default=Container.CSV)
    encoding = models.CharField(_("кодировка"), max_length=9, choices=Encoding, default=Encoding.UTF_8)
    rhythm = models.CharField(_("когда"), max_length=7, choices=Rhythm, default=Rhythm.BY_HAND)
    weekday = models.PositiveSmallIntegerField(_("день недели"), default=0, validators=[MaxValueValidator(6)])
    month_day = models.PositiveSmallIntegerField(
        _("число месяца"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    hour = models.PositiveSmallIntegerField(_("не раньше, час"), default=1, validators=[MaxValueValidator(23)])
    since = models.DateField(_("начиная с"), null=True, blank=True)
    contacts_basis = models.CharField(_("основание для передачи контактов"), max_length=250, blank=True)
    way = models.CharField(_("способ"), max_length=8, choices=Way, default=Way.DOWNLOAD)
    host = models.CharField(_("сервер"), max_length=253, blank=True)
    port = models.PositiveIntegerField(
        _("порт"), default=22, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    user_name = models.CharField(_("имя на сервере"), max_length=120, blank=True)
    folder = models.CharField(_("папка"), max_length=250, blank=True)
    sealed_secret = models.TextField(_("пароль или ключ, зашифрован"), editable=False, blank=True)
    host_key = models.TextField(_("ключ сервера"), blank=True)
    offered_host_key = models.TextField(_("ключ, который показал сервер"), blank=True)
    email = models.EmailField(_("эл. почта"), max_length=254, blank=True)
    last_due_on = models.DateField(_("составлено за"), null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(_("изменено"), null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("отправка реестров")
        verbose_name_plural = _("отправка реестров")
        constraints = [
            models.UniqueConstraint("supplier", "kind", name="dispatch_of_kind"),
            models.CheckConstraint(
                condition=Q(weekday__lte=6, month_day__range=(1, 31), hour__lte=23, port__range=(1, 65535)),
                name="dispatch_days",
            ),
            models.CheckConstraint(condition=~Q(container="one_c") | Q(kind="payments"), name="dispatch_one_c"),
            models.CheckConstraint(
                condition=~Q(kind="contacts") | ~Q(contacts_basis=""), name="dispatch_of_contacts_has_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.kind}"

    @property
    def fingerprint(self) -> str:
        """The recognised server's key as people compare it; empty when none is recognised."""
        return _fingerprint(self.host_key)

    @property
    def offered_fingerprint(self) -> str:
        return _fingerprint(self.offered_host_key)

    @property
    def secret(self) -> str:
        """The password or the private key in clear; it is in the database only under a key made of SECRET_KEY."""
        return seals.unseal(self.sealed_secret, purpose=_SEALED_FOR)

    @secret.setter
    def secret(self, value: str) -> None:
        self.sealed_secret = seals.seal(value, purpose=_SEALED_FOR) if value else ""


def _fingerprint(key: str) -> str:
    """Give the SHA-256 of a key in OpenSSH's form, as `ssh-keygen -l` writes it."""
    if not key:
        return ""
    digest = hashlib.sha256(base64.b64decode(key.split()[1])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
