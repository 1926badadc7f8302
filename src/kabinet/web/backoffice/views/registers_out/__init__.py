"""«Реестры поставщику»: what has left and what waits, one register and its way, and how files of each kind leave."""

from kabinet.web.backoffice.views.registers_out.acting import acknowledge, book, make, resend, resend_lines
from kabinet.web.backoffice.views.registers_out.dispatching import change_dispatch, check_dispatch, trust_dispatch
from kabinet.web.backoffice.views.registers_out.lists import overview
from kabinet.web.backoffice.views.registers_out.pages import detail, file_of

__all__ = [
    "acknowledge",
    "book",
    "change_dispatch",
    "check_dispatch",
    "detail",
    "file_of",
    "make",
    "overview",
    "resend",
    "resend_lines",
    "trust_dispatch",
]
