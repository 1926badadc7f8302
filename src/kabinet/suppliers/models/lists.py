"""What a supplier charges for, and how gas is used there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kabinet.suppliers.models.suppliers import SupplierOwned


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
