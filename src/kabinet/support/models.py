"""Questions of customers."""

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
    """

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
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="question_of_user")]

    def __str__(self) -> str:
        return f"question:{self.pk}"
