"""The list of registers, and the lines of one."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from kabinet.payments.queries.office import SupplierChoice, suppliers_for_staff
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.queries import RegisterRow
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers import LinesFilterForm, RegisterFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.registers.shown import ShownRow, shown_row

BADGES = {
    "uploaded": "warn",
    "reading": "info",
    "checked": "warn",
    "applying": "info",
    "applied": "ok",
    "undoing": "info",
    "refused": "error",
}


def _says(row: ShownRow) -> str:
    return "; ".join(f"{cell.label}: {cell.text}" for cell in row.cells)


def _changes(row: ShownRow) -> str:
    return "; ".join(f"{change.label}: {change.old or '—'} → {change.new or '—'}" for change in row.changes)


def _reasons(row: ShownRow) -> str:
    return "; ".join(
        " ".join(filter(None, (reason.label, f"«{reason.value}»" if reason.value else "", reason.words)))
        for reason in row.reasons
    )


LISTING = Listing(
    key="registers",
    title=_lazy("Реестры от поставщика"),
    template="office/register_list.html",
    order="-number",
    columns=(
        Column("number", _lazy("Реестр"), lambda row: row.register.number, sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.register.supplier_name),
        Column("kind", _lazy("О чём"), lambda row: row.register.kind_name, sorts="+", in_file_only=True),
        Column("state", _lazy("Состояние"), lambda row: row.register.state_name, sorts="+"),
        Column("file_name", _lazy("Файл"), lambda row: row.register.file_name, sorts="+"),
        Column("uploaded_at", _lazy("Загружен"), lambda row: row.register.uploaded_at, sorts="-"),
        Column("uploaded_by", _lazy("Кем загружен"), lambda row: row.register.uploaded_by, in_file_only=True),
        Column("lines", _lazy("Строк"), lambda row: row.register.lines_count, is_number=True),
        Column("new", _lazy("Новых"), lambda row: row.register.new_count, in_file_only=True),
        Column("changed", _lazy("Изменённых"), lambda row: row.register.changed_count, in_file_only=True),
        Column("unchanged", _lazy("Без изменений"), lambda row: row.register.unchanged_count, in_file_only=True),
        Column("refused", _lazy("Не принято"), lambda row: row.register.refused_count, is_number=True),
        Column("applied_at", _lazy("Проведён"), lambda row: row.register.applied_at, sorts="-", in_file_only=True),
        Column("applied_by", _lazy("Кем проведён"), lambda row: row.register.applied_by, in_file_only=True),
        Column("undone_at", _lazy("Отменён"), lambda row: row.register.undone_at, in_file_only=True),
    ),
)

LINES = Listing(
    key="register_lines",
    title=_lazy("Строки реестра"),
    template="office/register_lines.html",
    order="line",
    columns=(
        Column("line", _lazy("Строка"), lambda row: row.line_no, sorts="+"),
        Column("account", _lazy("Лицевой счёт"), lambda row: row.number, sorts="+"),
        Column("outcome", _lazy("Что с ней"), lambda row: row.outcome_name, sorts="+"),
        Column("amount", _lazy("Сумма, ₽"), lambda row: row.amount_rub, sorts="-", is_number=True),
        Column("says", _lazy("Что в ней"), _says),
        Column("changes", _lazy("Что изменится"), _changes, in_file_only=True),
        Column("reasons", _lazy("Почему не принята"), _reasons, in_file_only=True),
    ),
)


@dataclass(frozen=True)
class ListedRegister:
    """A register as its line of the list shows it."""

    register: RegisterRow
    badge: str


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    own = suppliers_for_staff(rights.LOAD_REGISTERS, visible_to=request.user)
    form = RegisterFilterForm(request.GET, suppliers=own)
    kind, state = form.wanted.get("kind", ""), form.wanted.get("state", "")

    def read(order_by: str, limit: int, offset: int) -> list[ListedRegister]:
        found = registers.registers_in(
            form.supplier_ids, kind=kind, state=state, order_by=order_by, limit=limit, offset=offset
        )
        return [ListedRegister(register, BADGES.get(register.state, "")) for register in found]

    return show_list(request, LISTING, form, read, without=form.columns_without_use)


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def lines(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponseBase:
    """List the lines that change something or were refused; those without changes are only counted."""
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    register = registers.register_report(supplier_id, register_id).register
    form = LinesFilterForm(request.GET, suppliers=[SupplierChoice(supplier_id, register.supplier_name)])
    wanted = {name: form.wanted.get(name, "") for name in ("outcome", "number")}

    def read(order_by: str, limit: int, offset: int) -> list[ShownRow]:
        found = registers.lines_of_register(
            supplier_id, register_id, **wanted, order_by=order_by, limit=limit, offset=offset
        )
        return [shown_row(line) for line in found]

    without = set() if register.changes_money else {"amount"}
    return show_list(request, LINES, form, read, page={"register": register}, without=without)
