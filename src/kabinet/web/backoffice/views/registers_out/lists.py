"""The list of registers that went out, under a box for each kind: what waits, when it goes by itself and where to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.queries import DispatchCard, OutgoingRow
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers_out import OutgoingFilterForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.backoffice.views.registers_out import words

ASK_AGAIN_S = 2

LISTING = Listing(
    key="registers_out",
    title=_lazy("Реестры поставщику"),
    template="office/outgoing_list.html",
    order="-made_at",
    columns=(
        Column("number", _lazy("Реестр"), lambda row: row.register.number, sorts="-"),
        Column("supplier", _lazy("Поставщик"), lambda row: row.register.supplier_name),
        Column("kind", _lazy("О чём"), lambda row: row.register.kind_name, sorts="+", in_file_only=True),
        Column("state", _lazy("Состояние"), lambda row: row.state_words, sorts="+"),
        Column("made_at", _lazy("Составлен"), lambda row: row.register.made_at, sorts="-"),
        Column("made_by", _lazy("Кем составлен"), lambda row: row.register.made_by, in_file_only=True),
        Column("lines_count", _lazy("Строк"), lambda row: row.register.lines_count, sorts="-", is_number=True),
        Column("amount_rub", _lazy("Сумма"), lambda row: row.register.amount_rub, sorts="-", is_number=True),
        Column("file_name", _lazy("Файл"), lambda row: row.register.file_name, in_file_only=True),
        Column("sha256", _lazy("SHA-256"), lambda row: row.register.sha256, in_file_only=True),
        Column("delivered_at", _lazy("Доставлен"), lambda row: row.register.delivered_at, in_file_only=True),
        Column("acknowledged_at", _lazy("Подтверждён"), lambda row: row.register.acknowledged_at, in_file_only=True),
        Column("problem", _lazy("Почему не доставлен"), lambda row: row.register.problem, in_file_only=True),
    ),
)


@dataclass(frozen=True)
class ListedRegister:
    """A register as its line of the list shows it."""

    register: OutgoingRow
    badge: str
    state_words: str


@dataclass(frozen=True)
class Box:
    """A kind of files: what waits and how it leaves.

    supplier_name  empty where there is only one
    waiting_count  of a kind whose file is being made, none: they are on their way into it
    """

    dispatch: DispatchCard
    supplier_name: str
    waiting_count: int
    waiting_words: str
    place: str
    rhythm: str

    @property
    def html_id(self) -> str:
        return _html_id(self.dispatch.supplier_id, self.dispatch.kind)

    @property
    def is_open(self) -> bool:
        """Whether files of the kind may leave at all: people's contacts do not without a document for it."""
        return self.dispatch.kind != "contacts" or bool(self.dispatch.contacts_basis)


@office("registers", rights.SEND_REGISTERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    return show_overview(request)


def show_overview(request: HttpRequest, *, refusal: str = "") -> HttpResponseBase:
    """Answer with the page of what goes out. refusal: why what was pressed was not done."""
    own = suppliers_for_staff(rights.SEND_REGISTERS, visible_to=request.user)
    form = OutgoingFilterForm(request.GET, suppliers=own)
    wanted = {name: value for name, value in form.wanted.items() if name != "supplier_id"}

    def read(order_by: str, limit: int, offset: int) -> list[ListedRegister]:
        found = registers.registers_out(form.supplier_ids, order_by=order_by, limit=limit, offset=offset, **wanted)
        return [ListedRegister(register, words.badge_of(register), words.state_of(register)) for register in found]

    # What waits takes a while to be counted: not for a file.
    asked_for = request.headers.get("HX-Target", "")
    page = {
        "boxes": SimpleLazyObject(lambda: _boxes(form.supplier_ids, asked_for)),
        "refusal": refusal,
        "ask_again_s": ASK_AGAIN_S,
    }
    answer = show_list(request, LISTING, form, read, without=form.columns_without_use, page=page)
    if refusal:
        answer.status_code = 422
    return answer


def _boxes(supplier_ids: Sequence[int], asked_for: str) -> list[Box]:
    """Give the box of each kind. asked_for: the id of the one that asks again while its file is made; empty: all."""
    return [
        _box(dispatch, supplier_name=dispatch.supplier_name if len(supplier_ids) > 1 else "")
        for supplier_id in supplier_ids
        for dispatch in registers.dispatches_of(supplier_id)
        if asked_for in ("", _html_id(supplier_id, dispatch.kind))
    ]


def _box(dispatch: DispatchCard, *, supplier_name: str) -> Box:
    count = 0 if dispatch.is_being_made else registers.waiting_to_leave_count(dispatch.supplier_id, dispatch.kind)
    return Box(
        dispatch=dispatch,
        supplier_name=supplier_name,
        waiting_count=count,
        waiting_words=words.waiting_words(dispatch.kind, count),
        place=words.place_of(dispatch),
        rhythm=words.rhythm_of(dispatch),
    )


def _html_id(supplier_id: int, kind: str) -> str:
    return f"outgoing-{supplier_id}-{kind}"
