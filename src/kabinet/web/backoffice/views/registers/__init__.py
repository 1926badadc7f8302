"""«Реестры»: files of suppliers that come in, from the upload to what they have changed."""

from kabinet.web.backoffice.views.registers.deciding import (
    approve,
    approve_undo,
    cancel,
    recall,
    set_limits,
    withdraw_undo,
)
from kabinet.web.backoffice.views.registers.editing import edit_format
from kabinet.web.backoffice.views.registers.formats import choose_format, forget_format, formats_of, sample
from kabinet.web.backoffice.views.registers.lists import lines, overview
from kabinet.web.backoffice.views.registers.loading import upload
from kabinet.web.backoffice.views.registers.pages import detail, original, refused

__all__ = [
    "approve",
    "approve_undo",
    "cancel",
    "choose_format",
    "detail",
    "edit_format",
    "forget_format",
    "formats_of",
    "lines",
    "original",
    "overview",
    "recall",
    "refused",
    "sample",
    "set_limits",
    "upload",
    "withdraw_undo",
]
