"""How long the worker will still take, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def time_left_words(left_s: float | None) -> str:
    """Say how long something will still take, as people say it; empty when nothing can be said yet."""
    if left_s is None:
        return ""
    minutes = round(left_s / 60)
    if not minutes:
        return _("меньше минуты")
    return ngettext("%(count)s минута", "%(count)s минут", minutes) % {"count": minutes}
