"""What waits for a person: a line each, with the way to it. Only what a member of staff has the right to decide."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from kabinet.charges import queries as charges
from kabinet.common.days import local_day
from kabinet.meters import queries as meters
from kabinet.payments.queries.office import Desk
from kabinet.payments.queries.shops import switches_to_confirm
from kabinet.people.queries.invitations import waiting_invitations
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.suppliers.queries.details_changes import changes_to_confirm
from kabinet.support import queries as support
from kabinet.tariffs.queries.proposals import terms_waiting
from kabinet.web.ui import formats

LONGEST_PROBLEM = 120


#: A register that a supplier has not confirmed for so long may not have reached its program.
UNCONFIRMED = dt.timedelta(days=3)


@dataclass(frozen=True)
class Matter:
    """One kind of thing that waits. tone: of its icon."""

    title: str
    text: str
    url: str
    icon: str
    tone: str = "info"


def matters(request: HttpRequest, desk: Desk) -> list[Matter]:
    """List what waits, the most urgent first: money that went astray, then people, then routine."""
    return [
        *_money(desk),
        *_bank_details(request),
        *_shops(request),
        *_questions(request),
        *_readings(request),
        *_registers(request),
        *_registers_out(request),
        *_proposals(request),
        *_terms(request),
        *_runs(request),
        *_days(desk),
        *_invitations(request),
    ]


def _money(desk: Desk) -> Iterator[Matter]:
    if desk.alarms and desk.alarms.count:
        yield Matter(
            _("Платежи, где нужен человек: %(count)s") % {"count": desk.alarms.count},
            _("Платёжная система сказала не то, чего мы ждали"),
            reverse("office:payments") + "?needs_person=on",
            "triangle-alert",
            "warn",
        )
    if desk.suspense and desk.suspense.count:
        yield Matter(
            _("Невыясненные суммы: %(count)s") % {"count": desk.suspense.count},
            _("%(sum)s пришли и ждут, на какой счёт их зачислить") % {"sum": formats.rub(desk.suspense.amount_rub)},
            reverse("office:suspense"),
            "circle-question-mark",
        )
    if desk.refunds and desk.refunds.count:
        yield Matter(
            _("Возвраты на подтверждение: %(count)s") % {"count": desk.refunds.count},
            _("%(sum)s вернутся плательщикам после подтверждения") % {"sum": formats.rub(desk.refunds.amount_rub)},
            reverse("office:refunds") + "?state=asked",
            "undo-2",
        )
    if desk.held and desk.held.count:
        yield Matter(
            _("Заблокированы и не списаны: %(count)s") % {"count": desk.held.count},
            _("%(sum)s надо списать или отпустить") % {"sum": formats.rub(desk.held.amount_rub)},
            reverse("office:payments") + "?state=held",
            "lock",
        )


def _bank_details(request: HttpRequest) -> Iterator[Matter]:
    for change in changes_to_confirm(visible_to=request.user):
        yield Matter(
            _("Смена банковских реквизитов"),
            _("%(supplier)s: %(name)s предлагает счёт %(number)s. Проверьте и подтвердите или отзовите")
            % {"supplier": change.supplier_name, "number": change.account_number, "name": change.asked_by},
            reverse("office:bank_details", args=[change.supplier_id]),
            "banknote",
            "warn",
        )


def _shops(request: HttpRequest) -> Iterator[Matter]:
    staff = request.office.staff
    if not staff.may(rights.SET_SHOPS):
        return
    for switch in switches_to_confirm(staff.suppliers_with(rights.SET_SHOPS), not_by=request.user):
        yield Matter(
            _("Включение магазина"),
            _("%(supplier)s: %(name)s предлагает принимать оплату через магазин %(number)s. Проверьте и подтвердите")
            % {"supplier": switch.supplier_name, "number": switch.shop_number, "name": switch.asked_by},
            reverse("office:shops", args=[switch.supplier_id]),
            "credit-card",
            "warn",
        )


def _invitations(request: HttpRequest) -> Iterator[Matter]:
    if not request.office.staff.may(rights.MANAGE_STAFF):
        return
    waiting = waiting_invitations(request.now, visible_to=request.user)
    if count := sum(invitation.may_confirm for invitation in waiting):
        yield Matter(
            _("Приглашения на подтверждение: %(count)s") % {"count": count},
            _("Письмо уйдёт после Вашего подтверждения"),
            reverse("office:staff"),
            "users",
        )


def _questions(request: HttpRequest) -> Iterator[Matter]:
    if not request.office.staff.may(rights.ANSWER_QUESTIONS):
        return
    if waiting := support.waiting_questions_count(visible_to=request.user):
        overdue = support.overdue_questions_count(visible_to=request.user, now=request.now)
        yield Matter(
            _("Обращения без ответа: %(count)s") % {"count": waiting},
            _("Срок ответа прошёл у %(count)s") % {"count": overdue} if overdue else _("Все сроки ещё впереди"),
            reverse("office:questions"),
            "message-circle",
            "warn" if overdue else "info",
        )


def _readings(request: HttpRequest) -> Iterator[Matter]:
    if not request.office.staff.may(rights.REVIEW_READINGS):
        return
    if waiting := meters.waiting_count(visible_to=request.user):
        yield Matter(
            _("Показания на проверке: %(count)s") % {"count": waiting},
            _("Расход непохож на обычный: решите, принять ли"),
            reverse("office:readings"),
            "gauge",
        )


def _registers(request: HttpRequest) -> Iterator[Matter]:
    staff = request.office.staff
    for register in registers.registers_given_back(request.user.pk, staff.suppliers_with(rights.LOAD_REGISTERS)):
        numbered = {"number": register.number}
        yield Matter(
            _("Реестр № %(number)s не принят") % numbered
            if register.is_refused
            else _("Реестр № %(number)s ждёт формата") % numbered,
            Truncator(register.problem).chars(LONGEST_PROBLEM) or _("Выберите, каким форматом его прочитать"),
            reverse("office:register", args=[register.supplier_id, register.id]),
            "upload",
            "warn" if register.is_refused else "info",
        )
    if not staff.may(rights.APPLY_REGISTERS):
        return
    at = staff.suppliers_with(rights.APPLY_REGISTERS)
    for register in registers.undos_asked(at, not_by=request.user.pk):
        yield Matter(
            _("Реестр № %(number)s просят отменить") % {"number": register.number},
            f"{register.recalled_by}: {register.undo_reason}",
            reverse("office:register", args=[register.supplier_id, register.id]),
            "undo-2",
        )
    if waiting := registers.registers_count(at, state="checked"):
        yield Matter(
            _("Реестры ждут решения: %(count)s") % {"count": waiting},
            _("Проверены построчно: посмотрите, что изменится, и проведите"),
            reverse("office:registers") + "?state=checked",
            "upload",
        )


def _proposals(request: HttpRequest) -> Iterator[Matter]:
    staff = request.office.staff
    if not staff.may(rights.APPROVE_ADJUSTMENTS):
        return
    at = staff.suppliers_with(rights.APPROVE_ADJUSTMENTS)
    if waiting := charges.proposals_count(at, not_by=request.user):
        yield Matter(
            _("Списания и корректировки на решение: %(count)s") % {"count": waiting},
            _("Их предложил другой сотрудник: посмотрите, проведите или отклоните"),
            reverse("office:proposals") + "?state=waiting",
            "pencil",
        )


def _registers_out(request: HttpRequest) -> Iterator[Matter]:
    staff = request.office.staff
    if not staff.may(rights.SEND_REGISTERS):
        return
    at = staff.suppliers_with(rights.SEND_REGISTERS)
    if failed := registers.registers_out_count(at, state="failed"):
        yield Matter(
            _("Реестры не доставлены: %(count)s") % {"count": failed},
            _("Поставщик их не получил: проверьте, куда они уходят, и передайте ещё раз"),
            reverse("office:outgoing") + "?state=failed",
            "send",
            "error",
        )
    made_until = local_day(request.now, settings.INSTALLATION_TIME_ZONE) - UNCONFIRMED
    if silent := registers.registers_out_count(at, state="unacknowledged", made_until=made_until):
        yield Matter(
            _("Реестры без подтверждения: %(count)s") % {"count": silent},
            _("Прошло больше %(days)s дней: спросите, дошли ли они до программы поставщика")
            % {"days": UNCONFIRMED.days},
            f"{reverse('office:outgoing')}?state=unacknowledged&made_until={made_until}",
            "hourglass",
        )


def _terms(request: HttpRequest) -> Iterator[Matter]:
    staff = request.office.staff
    if not staff.may(rights.APPROVE_TARIFFS):
        return
    waiting = terms_waiting(staff.suppliers_with(rights.APPROVE_TARIFFS), not_by=request.user)
    counts = Counter(supplier_id for supplier_id, _proposal_id in waiting)
    names = {role.supplier_id: role.supplier_name for role in staff.roles}
    for supplier_id, count in counts.items():
        yield Matter(
            _("Цены и нормативы на подтверждение: %(count)s") % {"count": count},
            _("%(supplier)s: пока их не подтвердят, начисляем по прежнему") % {"supplier": names[supplier_id]}
            if len(counts) > 1
            else _("Пока их не подтвердят, начисляем по прежнему"),
            reverse("office:tariff_proposals", args=[supplier_id]),
            "percent",
        )


def _runs(request: HttpRequest) -> Iterator[Matter]:
    for run in charges.accrual_runs(request.office.staff.suppliers_with(rights.RELEASE_ACCRUAL), state="ready"):
        month = {"month": formats.month_words(run.for_period or run.period)}
        yield Matter(
            _("Перерасчёт за %(month)s") % month if run.for_period else _("Начисление за %(month)s") % month,
            _("Посчитано ночью: проверьте, а проведёт другой сотрудник")
            if run.asked_by_id is None
            else _("Посчитано. Провести должен другой сотрудник")
            if run.asked_by_id == request.user.pk
            else _("Посчитано и ждёт, чтобы Вы проверили и провели"),
            reverse("office:accrual", args=[run.supplier_id, run.id]),
            "receipt-text",
        )


def _days(desk: Desk) -> Iterator[Matter]:
    if desk.open_days and desk.oldest_open_day:
        yield Matter(
            _("Не сверены дни: %(count)s") % {"count": desk.open_days},
            _("самый давний — %(day)s") % {"day": formats.day_words(desk.oldest_open_day)},
            reverse("office:days") + "?state=open",
            "calendar-days",
        )
