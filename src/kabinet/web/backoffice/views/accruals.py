"""Accrual: the runs, one of them with its report, and what two people do to have it posted."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts import queries as accounts
from kabinet.audit.queries import history_of
from kabinet.charges import queries as charges
from kabinet.charges.usecases.cancel_accrual import cancel_accrual
from kabinet.charges.usecases.check_accrual import check_accrual
from kabinet.charges.usecases.recompute_accrual import recompute_accrual
from kabinet.charges.usecases.release_accrual import release_accrual
from kabinet.charges.usecases.rerun_account import rerun_account
from kabinet.charges.usecases.start_accrual import start_accrual
from kabinet.common.errors import Refusal
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.payments.queries.office import SupplierChoice, suppliers_for_staff
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.accruals import AccountNumberForm, AccrualForm, CorrectionForm
from kabinet.web.backoffice.forms.filters import AccrualFilterForm, FilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.acts import Act, one_step
from kabinet.web.backoffice.views.oddities import ADVICE, found_in
from kabinet.web.backoffice.views.progress import time_left_words
from kabinet.web.backoffice.views.suspense import NoSuchAccount
from kabinet.web.ui import formats

ASK_AGAIN_S = 2
NOTHING = charges.RunSum(0, 0, ZERO)
BADGES = {"computing": "info", "ready": "warn", "posting": "info", "released": "ok"}


LISTING = Listing(
    key="accruals",
    title=_lazy("Начисления"),
    template="office/accrual_list.html",
    order="-asked",
    columns=(
        Column("asked", _lazy("Месяц"), lambda row: str(row.run.for_period or row.run.period), sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.supplier_name),
        Column("state", _lazy("Состояние"), lambda row: row.run.state_name),
        Column("kind", _lazy("Вид"), lambda row: row.run.kind_name, in_file_only=True),
        Column("asked_by", _lazy("Начал"), lambda row: row.run.asked_by),
        Column("released_by", _lazy("Провёл"), lambda row: row.run.released_by),
        Column("accounts", _lazy("Счетов"), lambda row: row.sum.accounts_count, is_number=True),
        Column("lines", _lazy("Строк"), lambda row: row.sum.lines_count, is_number=True),
        Column("amount", _lazy("Сумма"), lambda row: row.sum.amount_rub, is_number=True),
        Column("released", _lazy("Проведено"), lambda row: row.run.released_at, in_file_only=True),
    ),
)


@dataclass(frozen=True)
class RunLine:
    """A run as its line of the list shows it."""

    run: charges.RunRow
    sum: charges.RunSum
    supplier_name: str
    badge: str


@office("accruals", rights.START_ACCRUAL)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    own = _suppliers(request)
    form = AccrualFilterForm(request.GET, suppliers=own)
    names = {supplier.id: supplier.name for supplier in own}

    def read(order_by: str, limit: int, offset: int) -> list[RunLine]:
        runs = charges.accrual_runs(
            form.supplier_ids, state=form.wanted.get("state", ""), order_by=order_by, limit=limit, offset=offset
        )
        sums = charges.run_sums([run.id for run in runs])
        return [
            RunLine(run, sums.get(run.id, NOTHING), names[run.supplier_id], BADGES.get(run.state, "")) for run in runs
        ]

    page = {"may_start": bool(own)}
    return show_list(request, LISTING, form, read, without=form.columns_without_use, page=page)


@office("accruals", rights.START_ACCRUAL)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Have a month of all accounts computed. Nothing is charged before a second person has looked at it."""
    form = AccrualForm(
        request.POST or None, suppliers=_suppliers(request), last=Month.of(request.now.date()).previous()
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        run = start_accrual(**given, actor=request.user, now=request.now)
        messages.success(request, _("Начисление началось. Абонент увидит его только после проведения."))
        return redirect("office:accrual", run.supplier_id, run.id)

    act = Act(
        _("Начислить за месяц"),
        _("Посчитаем всё, но проводить не будем"),
        reverse("office:accruals"),
        warning=_("Проверить отчёт и провести начисление должен другой сотрудник."),
        submit=_("Посчитать"),
    )
    return one_step(request, form, act, do=do)


@office("accruals", rights.START_ACCRUAL)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """Have a released month computed anew: the report says what the differences would come to."""
    last = Month.of(request.now.date()).previous()
    form = CorrectionForm(request.POST or None, initial=request.GET.dict(), suppliers=_suppliers(request), last=last)

    def do(given: dict[str, Any]) -> HttpResponse:
        run = start_accrual(period=last.next(), **given, actor=request.user, now=request.now)
        messages.success(request, _("Перерасчёт считается: отчёт покажет, во что он обойдётся."))
        return redirect("office:accrual", run.supplier_id, run.id)

    act = Act(
        _("Пересчитать проведённый месяц"),
        _("По всем лицевым счетам"),
        reverse("office:accruals"),
        warning=_(
            "Проведённые строки не изменятся: разница встанет отдельными строками в текущий месяц. Сначала увидите, "
            "сколько выйдет, потом решит другой сотрудник."
        ),
        submit=_("Посчитать разницу"),
    )
    return one_step(request, form, act, do=do)


@office("accruals", rights.START_ACCRUAL)
@require_safe
def detail(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    return _show(request, supplier_id, run_id)


ODDITIES = Listing(
    key="oddities",
    title=_lazy("Счета, на которые надо взглянуть"),
    template="office/accrual_oddities.html",
    order="account",
    columns=(
        Column("account", _lazy("Лицевой счёт"), lambda line: line.row.account_number, sorts="+"),
        Column("kind", _lazy("Что необычно"), lambda line: line.row.kind_name, in_file_only=True),
        Column("found", _lazy("Что найдено"), lambda line: "; ".join(f"{name}: {value}" for name, value in line.found)),
    ),
)


@dataclass(frozen=True)
class OddityLine:
    """An odd account as its line of the list shows it. found: names and values."""

    row: charges.OddityRow
    found: list[tuple[str, str]]


@office("accruals", rights.START_ACCRUAL)
@require_safe
def oddities(request: HttpRequest, supplier_id: int, run_id: int, kind: str) -> HttpResponseBase:
    """Show the accounts of a run that look odd in one way."""
    check_right(request.user, rights.START_ACCRUAL, supplier_id)
    report = charges.run_report(supplier_id, run_id)
    counted = next((row for row in report.oddities if row.kind == kind), None)
    if counted is None:
        raise Http404

    def read(**part: Any) -> list[OddityLine]:
        rows = charges.oddities_of_run(supplier_id, run_id, kind=kind, **part)
        return [OddityLine(row, found_in(row)) for row in rows]

    form = FilterForm(request.GET, suppliers=[row for row in _suppliers(request) if row.id == supplier_id])
    page = {"run": report.run, "counted": counted, "advice": ADVICE[kind]}
    return show_list(request, ODDITIES, form, read, page=page)


@office("accruals", rights.RELEASE_ACCRUAL)
@require_POST
def release(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    """Have a run posted that somebody else has started. Its page has said what it comes to."""

    def do() -> HttpResponse:
        release_accrual(supplier_id=supplier_id, run_id=run_id, actor=request.user, now=request.now)
        messages.success(request, _("Начисление проводится. Абоненты увидят его, как только всё закончится."))
        return redirect("office:accrual", supplier_id, run_id)

    return _or_refused(request, supplier_id, run_id, do)


@office("accruals", rights.START_ACCRUAL)
@require_POST
def checked(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    """Answer for a run that the night has computed."""

    def do() -> HttpResponse:
        check_accrual(supplier_id=supplier_id, run_id=run_id, actor=request.user, now=request.now)
        messages.success(request, _("Отмечено, что Вы проверили. Провести должен другой сотрудник."))
        return redirect("office:accrual", supplier_id, run_id)

    return _or_refused(request, supplier_id, run_id, do)


@office("accruals", rights.START_ACCRUAL)
@require_POST
def cancel(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    def do() -> HttpResponse:
        cancel_accrual(supplier_id=supplier_id, run_id=run_id, actor=request.user, now=request.now)
        messages.success(request, _("Начисление отменено: из него ничего не проведено."))
        return redirect("office:accrual", supplier_id, run_id)

    return _or_refused(request, supplier_id, run_id, do)


@office("accruals", rights.START_ACCRUAL)
@require_POST
def again(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    """Compute a run anew, by the terms of today."""

    def do() -> HttpResponse:
        recompute_accrual(supplier_id=supplier_id, run_id=run_id, actor=request.user, now=request.now)
        messages.success(request, _("Считаем заново. Теперь провести это начисление должен кто-то кроме Вас."))
        return redirect("office:accrual", supplier_id, run_id)

    return _or_refused(request, supplier_id, run_id, do)


@office("accruals", rights.START_ACCRUAL)
@require_POST
def rerun(request: HttpRequest, supplier_id: int, run_id: int) -> HttpResponse:
    """Compute one account of a run anew, after something of it has been put right."""
    form = AccountNumberForm(request.POST)
    if form.is_valid():
        check_right(request.user, rights.START_ACCRUAL, supplier_id)
        number = suppliers.supplier_card(supplier_id).number_normalised(form.cleaned_data["number"])
        account_id = accounts.account_id_by_number(supplier_id, number)
        try:
            if account_id is None:
                raise NoSuchAccount
            rerun_account(
                supplier_id=supplier_id, run_id=run_id, account_id=account_id, actor=request.user, now=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = _("Счёт %(number)s пересчитан, итог обновлён.") % {"number": formats.account_number(number)}
            messages.success(request, words)
            return redirect("office:accrual", supplier_id, run_id)
    return _show(request, supplier_id, run_id, rerun_form=form)


def _or_refused(request: HttpRequest, supplier_id: int, run_id: int, do: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return do()
    except Refusal as refusal:
        if refusal.code == "not-allowed":
            raise
        return _show(request, supplier_id, run_id, refusal)


def _show(
    request: HttpRequest,
    supplier_id: int,
    run_id: int,
    refusal: Refusal | None = None,
    rerun_form: AccountNumberForm | None = None,
) -> HttpResponse:
    check_right(request.user, rights.START_ACCRUAL, supplier_id)
    report = charges.run_report(supplier_id, run_id)
    run, supplier = report.run, suppliers.supplier_card(supplier_id)
    terms_changed = run.is_ready and charges.terms_changed(run)
    added_count = charges.missed_accounts_count(run) if run.is_ready else 0
    changed = charges.changed_accounts(run) if run.is_ready else set()
    page = {
        "report": report,
        "run": run,
        "progress": report.progress,
        "rate": Decimal(round(report.progress.accounts_per_s or 0)),
        "left_words": time_left_words(report.progress.left_s),
        "badge": BADGES.get(run.state, ""),
        "supplier": supplier,
        "refusal": refusal,
        "history": history_of(f"accrual:{run_id}", supplier_id=supplier_id),
        "rerun_form": rerun_form or AccountNumberForm(),
        "terms_changed": terms_changed,
        "added_count": added_count,
        "is_stale": terms_changed or added_count > 0,
        "changed_numbers": accounts.numbers_of(supplier_id, changed) if changed else [],
        "may_release": request.office.staff.may_at(rights.RELEASE_ACCRUAL, supplier_id),
        "is_own": run.asked_by_id == request.user.pk,
        "ask_again_s": ASK_AGAIN_S,
    }
    return render(request, "office/accrual_detail.html", page, status=422 if refusal or rerun_form else 200)


def _suppliers(request: HttpRequest) -> list[SupplierChoice]:
    """Give the suppliers that charge here and whose accruals a member of staff may start."""
    billed_here = {supplier_id for supplier_id, _time_zone in charges.suppliers_billed_here()}
    own = suppliers_for_staff(rights.START_ACCRUAL, visible_to=request.user)
    return [supplier for supplier in own if supplier.id in billed_here]
