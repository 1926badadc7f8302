"""Questions of customers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Account
from kabinet.common.db import SupplierForeignKey
from kabinet.suppliers.models import Supplier


class Question(models.Model):
    """What somebody asked support (обращение), about one of their accounts or about the cabinet as a whole.

    Belongs to a person and not to a supplier: supplier and account only say what it is about, both or neither.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("поставщик")
    )
    account = SupplierForeignKey(Account, null=True, blank=True, related_name="+", verbose_name=_("лицевой счёт"))
    subject = models.CharField(_("тема"), max_length=120)
    text = models.TextField(_("вопрос"), max_length=4000)
    request_id = models.UUIDField(editable=False)
    asked_at = models.DateTimeField(_("задан"))

    class Meta:
        verbose_name = _("обращение")
        verbose_name_plural = _("обращения")
        constraints = [
            models.UniqueConstraint("user", "request_id", name="question_request"),
            models.CheckConstraint(
                condition=models.Q(supplier__isnull=True, account__isnull=True)
                | models.Q(supplier__isnull=False, account__isnull=False),
                name="question_about_an_account_of_its_supplier",
            ),
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="question_of_user")]

    def __str__(self) -> str:
        return f"question:{self.pk}"
