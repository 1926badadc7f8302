"""How a supplier's files are written."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.registers.models.incoming import Kind
from kabinet.suppliers.models import SupplierOwned


class FormatProfile(SupplierOwned):
    """A shape of files of one kind, as staff have set it. A register keeps the shape that it was read by.

    spec     as ``formats.profile.Profile.to_json`` writes it
    version  grows with each change
    """

    kind = models.CharField(_("вид реестра"), max_length=10, choices=Kind)
    name = models.CharField(_("название"), max_length=80)
    spec = models.JSONField()
    version = models.PositiveIntegerField(_("версия"), default=1)
    is_removed = models.BooleanField(_("убран"), default=False)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(_("изменён"))

    class Meta:
        verbose_name = _("формат реестра")
        verbose_name_plural = _("форматы реестров")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "supplier", "kind", "name", condition=Q(is_removed=False), name="format_profile_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
