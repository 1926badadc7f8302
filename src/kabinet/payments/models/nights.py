"""What the nightly checks found."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class NightCheck(models.Model):
    """One check of one night, over all suppliers.

    night        the day on which it ran, where the installation is
    found_count  how many things a person should look at
    found        the first of them, as `check_night` gives them: ids and sums, no personal data
    """

    class Name(models.TextChoices):
        LEDGER = "check_ledger", _("Книга сходится до копейки")
        RECONCILE = "reconcile", _("Вчерашний день сверен с платёжными системами")
        STUCK = "payments_stuck", _("Ничего не ждёт дольше положенного")

    name = models.CharField(_("проверка"), max_length=20, choices=Name)
    night = models.DateField(_("ночь"))
    ran_at = models.DateTimeField(_("прошла"))
    is_good = models.BooleanField(_("всё хорошо"))
    found_count = models.PositiveIntegerField(_("найдено"), default=0)
    found = models.JSONField(_("что найдено"), encoder=DjangoJSONEncoder, default=list, blank=True)

    class Meta:
        verbose_name = _("ночная проверка")
        verbose_name_plural = _("ночные проверки")
        constraints = [models.UniqueConstraint(fields=["name", "night"], name="night_check_once")]
        ordering = ["-night", "name"]

    def __str__(self) -> str:
        return f"{self.name} {self.night}"
