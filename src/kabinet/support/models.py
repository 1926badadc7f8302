"""Questions of customers, what is said in them, and answers that are kept ready."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.common.fields import MonthField
from kabinet.suppliers.models import Supplier


class Question(models.Model):
    """What somebody asked support (обращение), about one of their accounts or about the cabinet as a whole.

    Belongs to a person and not to a supplier: supplier and account only say what it is about, both or neither.

    about_period  the month whose charges its author does not agree with
    about_charge  the line of that month, when it is about one
    attachment    those lines as they were when the question was asked: see support.queries.disputes
    assignee      who of the staff has taken it
    due_on        the last day to answer on while it waits; None when it does not
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт ответа")
        ANSWERED = "answered", _("есть ответ")
        CLOSED = "closed", _("закрыто")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("поставщик")
    )
    account = SupplierForeignKey(Account, null=True, blank=True, related_name="+", verbose_name=_("лицевой счёт"))
    subject = models.CharField(_("тема"), max_length=120)
    text = models.TextField(_("вопрос"), max_length=4000)
    about_period = MonthField(_("за месяц"), null=True, blank=True)
    about_charge = SupplierForeignKey("charges.Charge", null=True, blank=True, related_name="+", db_index=False)
    attachment = models.JSONField(_("приложено"), null=True, blank=True)
    request_id = models.UUIDField(editable=False)
    asked_at = models.DateTimeField(_("задан"))
    state = models.CharField(_("состояние"), max_length=8, choices=State, default=State.WAITING)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("занимается")
    )
    due_on = models.DateField(_("ответить до"), null=True, blank=True)

    class Meta:
        verbose_name = _("обращение")
        verbose_name_plural = _("обращения")
        constraints = [
            models.UniqueConstraint("user", "request_id", name="question_request"),
            models.CheckConstraint(
                condition=Q(supplier__isnull=True, account__isnull=True)
                | Q(supplier__isnull=False, account__isnull=False),
                name="question_about_an_account_of_its_supplier",
            ),
            models.CheckConstraint(
                condition=Q(about_period__isnull=True, about_charge__isnull=True, attachment__isnull=True)
                | Q(about_period__isnull=False, account__isnull=False, attachment__isnull=False),
                name="question_about_charges",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", due_on__isnull=False) | (~Q(state="waiting") & Q(due_on__isnull=True)),
                name="question_due_while_it_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="question_of_user"),
            models.Index(fields=["supplier", "due_on"], condition=Q(state="waiting"), name="question_waiting"),
        ]

    def __str__(self) -> str:
        return f"question:{self.pk}"


class Message(models.Model):
    """What was said in a question after it was asked.

    author      None when that person is gone
    request_id  of the press that sent it
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("абонент")
        STAFF = "staff", _("поддержка")
        NOTE = "note", _("заметка для сотрудников")

    question = models.ForeignKey(Question, models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(_("кто говорит"), max_length=8, choices=Kind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.TextField(_("текст"), max_length=4000)
    request_id = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(_("отправлено"))

    class Meta:
        verbose_name = _("сообщение обращения")
        verbose_name_plural = _("сообщения обращений")
        ordering = ["sent_at", "id"]
        constraints = [models.UniqueConstraint("question", "request_id", name="question_message_request")]
        indexes = [models.Index(fields=["author", "sent_at"], name="question_message_of_author")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.question_id}"


class AnswerTemplate(models.Model):
    """An answer that is kept ready; the places in it are filled as `support.rules.PLACES` says.

    supplier  whose questions it answers; None: questions about the cabinet as a whole
    """

    supplier = models.ForeignKey(
        Supplier, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("поставщик")
    )
    title = models.CharField(_("название"), max_length=80)
    text = models.TextField(_("ответ"), max_length=4000)

    class Meta:
        verbose_name = _("готовый ответ")
        verbose_name_plural = _("готовые ответы")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "title"], nulls_distinct=False, name="answer_template_title")
        ]

    def __str__(self) -> str:
        return self.title
