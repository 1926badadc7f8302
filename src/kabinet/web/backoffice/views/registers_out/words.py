"""What screens say of registers that go out: states, places, rhythms, counts."""

from collections.abc import Callable

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kabinet.registers.queries import DispatchCard, OutgoingRow
from kabinet.web.ui import formats


def badge_of(register: OutgoingRow) -> str:
    if register.is_acknowledged:
        return "ok"
    return {"kept": "warn", "waiting": "info", "delivered": "info", "failed": "error"}[register.state]


def state_of(register: OutgoingRow) -> str:
    """Say where a register is on its way; once the supplier has it, how it got there does not matter."""
    return _("подтверждён") if register.is_acknowledged else register.state_name


def place_of(dispatch: DispatchCard) -> str:
    """Say where files of a kind go: «sftp.example.ru, папка /incoming», an address, or that they are fetched here."""
    if dispatch.way == "email":
        return dispatch.email
    if dispatch.way == "sftp":
        place = {"host": dispatch.host, "folder": dispatch.folder}
        return _("%(host)s, папка %(folder)s") % place if dispatch.folder else dispatch.host
    return dispatch.way_name


def rhythm_of(dispatch: DispatchCard) -> str:
    """Say when files of a kind are made by themselves: «раз в неделю, понедельник, после 08:00»."""
    when = {
        "weekly": str(WEEKDAYS[dispatch.weekday]).lower(),
        "monthly": _("последнего числа") if dispatch.month_day == 31 else _("%(day)s-го") % {"day": dispatch.month_day},
    }.get(dispatch.rhythm, "")
    hour = "" if dispatch.rhythm == "by_hand" else _("после %(hour)02d:00") % {"hour": dispatch.hour}
    return ", ".join(filter(None, (dispatch.rhythm_name, when, hour)))


def waiting_words(kind: str, count: int) -> str:
    """Say what waits, without the number itself: «показаний ждут отправки»."""
    return _WAITING[kind](count) if count else _("Всё передано")


_WAITING: dict[str, Callable[[int], str]] = {
    "payments": lambda count: ngettext("оплата ждёт отправки", "оплат ждут отправки", count),
    "readings": lambda count: ngettext("показание ждёт отправки", "показаний ждут отправки", count),
    "attachments": lambda count: ngettext("подключение ждёт отправки", "подключений ждут отправки", count),
    "contacts": lambda count: ngettext("контакт ждёт отправки", "контактов ждут отправки", count),
}


def counted_words(register: OutgoingRow) -> str:
    """Say how much is in a register: «12 строк»."""
    return ngettext("%(number)s строка", "%(number)s строк", register.lines_count) % {
        "number": formats.number(register.lines_count)
    }
