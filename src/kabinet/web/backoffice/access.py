"""Who may enter: staff with a role, and in each section those whose role has its right."""

import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import NotFound
from kabinet.common.wall import behind_wall
from kabinet.people.queries.staff import NotAllowed, StaffCard, staff_card
from kabinet.people.rules import rights

View = Callable[..., HttpResponse]


#: Under these words the sections stand in the navigation, in this order; those of no group stand on top.
CUSTOMERS, MONEY, CHARGES = _("Абоненты"), _("Деньги"), _("Начисления и цены")
EXCHANGE, ORDER = _("Обмен файлами"), _("Порядок")


@dataclass(frozen=True)
class Section:
    """A link of the navigation.

    right  whose work it is; empty for every member of staff
    group  the words that it stands under
    """

    key: str
    url_name: str
    icon: str
    title: Any
    right: str = ""
    group: Any = ""


SECTIONS = (
    Section("home", "office:home", "house", _("Начало")),
    Section("customers", "office:customers", "users", _("Абоненты"), rights.SEE_CUSTOMERS, CUSTOMERS),
    Section("payments", "office:payments", "credit-card", _("Платежи"), rights.SEE_PAYMENTS, MONEY),
    Section("suspense", "office:suspense", "circle-question-mark", _("Невыясненные"), rights.SEE_PAYMENTS, MONEY),
    Section("refunds", "office:refunds", "undo-2", _("Возвраты"), rights.SEE_PAYMENTS, MONEY),
    Section("days", "office:days", "calendar-days", _("Сверка"), rights.RECONCILE, MONEY),
    Section("payouts", "office:payouts", "banknote", _("Выплаты"), rights.RECORD_PAYOUT, MONEY),
    Section("accruals", "office:accruals", "receipt-text", _("Начисления"), rights.START_ACCRUAL, CHARGES),
    Section("proposals", "office:proposals", "pencil", _("Списания"), rights.APPROVE_ADJUSTMENTS, CHARGES),
    Section("questions", "office:questions", "message-circle", _("Обращения"), rights.ANSWER_QUESTIONS, CUSTOMERS),
    Section("notices", "office:notices", "bell", _("Уведомления"), rights.SEND_NOTICES, CUSTOMERS),
    Section("readings", "office:readings", "gauge", _("Показания"), rights.REVIEW_READINGS, CUSTOMERS),
    Section("tariffs", "office:tariffs", "percent", _("Тарифы"), rights.SEE_TARIFFS, CHARGES),
    Section("registers", "office:registers", "inbox", _("Реестры"), rights.LOAD_REGISTERS, EXCHANGE),
    Section("suppliers", "office:suppliers", "building-2", _("Поставщики"), rights.SET_UP_SUPPLIERS, ORDER),
    Section("settings", "office:settings", "settings", _("Настройки"), rights.SET_SUPPLIER, ORDER),
    Section("bank_details", "office:bank_details_choose", "building-2", _("Реквизиты"), rights.SET_BANK_DETAILS, MONEY),
    Section("shops", "office:shops_choose", "wallet", _("Приём оплаты"), rights.SET_SHOPS, MONEY),
    Section("staff", "office:staff", "user-round-plus", _("Сотрудники"), rights.MANAGE_STAFF, ORDER),
    Section("roles", "office:roles", "key-round", _("Роли"), "", ORDER),
    Section("audit", "office:audit", "history", _("Журнал"), rights.SEE_AUDIT, ORDER),
    Section("health", "office:health", "shield-check", _("Состояние"), rights.SEE_HEALTH, ORDER),
)


@dataclass(frozen=True)
class Office:
    """What the frame shows: who is here, the sections that their roles open, and the one that the page belongs to."""

    staff: StaffCard
    section: str

    @property
    def sections(self) -> list[Section]:
        return [section for section in SECTIONS if not section.right or self.staff.may(section.right)]

    @property
    def groups(self) -> list[tuple[Any, list[Section]]]:
        """The sections under the words of their groups; a group without a section is not there."""
        found = [
            (group, [section for section in self.sections if section.group == group])
            for group in ("", CUSTOMERS, MONEY, CHARGES, EXCHANGE, ORDER)
        ]
        return [(group, sections) for group, sections in found if sections]

    @property
    def here(self) -> Section | None:
        """The section that the page belongs to; None for what belongs to none."""
        return next((section for section in SECTIONS if section.key == self.section), None)


def office(section: str, right: str = "") -> Callable[[View], View]:
    """Let staff into a section, behind the wall of their suppliers, and give the view `request.office`.

    A stranger is asked to sign in; a customer finds nothing here (404); staff without the right are told so (403).
    """

    def of(view: View) -> View:
        @login_required(login_url="cabinet:sign_in")
        @functools.wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                staff = staff_card(request.user)
            except NotFound:
                if request.user.is_superuser:
                    return redirect("admin:index")  # where roles are given
                raise
            request.office = Office(staff, section)
            with behind_wall(staff.suppliers):
                if not right or staff.may(right):
                    with suppress(NotAllowed):  # they have the right, but elsewhere
                        return _kept_behind_wall(view(request, *args, **kwargs), staff.suppliers)
                return render(request, "office/not_allowed.html", status=403)

        return entered

    return of


def _kept_behind_wall(response: HttpResponse, suppliers: frozenset[int] | None) -> HttpResponse:
    """Keep an answer that is made while it is sent behind the wall too: each piece is made there."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = _pieces(iter(response.streaming_content), suppliers)
    return response


def _pieces(content: Iterator[bytes], suppliers: frozenset[int] | None) -> Iterator[bytes]:
    while True:
        with behind_wall(suppliers):
            piece = next(content, None)
        if piece is None:
            return
        yield piece
