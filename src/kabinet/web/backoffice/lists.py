"""Lists of the office: each is filtered, sorted by a column, turned page by page, and taken away as a file.

A list is a `Listing` and a view of three lines; `views/payments.py` with `payment_list.html` is the model:

    form = PaymentFilterForm(request.GET, suppliers=suppliers_for_staff(rights.SEE_PAYMENTS, visible_to=request.user))
    read = partial(payments_for_staff, PaymentFilter(**form.wanted), visible_to=request.user)
    return show_list(request, LISTING, form, read, without=form.columns_without_use)

`read(order_by=…, limit=…, offset=…)` is the query: it gives at most `limit` rows as dataclasses, sorted by the key of a
`Column` («amount», or «-amount» for the greatest first; `common.ordering` turns it into fields). The template draws the
cells, because there they have links and badges; headings, sorting, pages and download come from `list_head.html`,
`list_tools.html` and `list_pages.html`, which read `list`. `without` leaves out columns of no use to this reader:
the template asks `{% if "supplier" in list.shown %}`.

The file is written within the request, behind the same wall as the page, from `Column.value`. It holds all rows that
the filter gives, not only the page, and is refused when they are more than it may hold. An entry in the audit trail is
written before it is given out (docs/adr/0190).
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kabinet.audit.usecases.note_export import note_export
from kabinet.common.tables import FILES
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.backoffice.views.pages import page_number
from kabinet.web.ui import formats

ON_A_PAGE = 30
MOST_PAGES = 100
MOST_EXPORTED = 50_000
#: What the frame of a list puts into the address beside the fields of its filter.
SORT, PAGE, DOWNLOAD = "sort", "page", "download"

Read = Callable[..., Sequence[Any]]


@dataclass(frozen=True)
class Column:
    """A column of a list.

    value         of a row, for the file: a text, a number, a day, a moment
    sorts         what the first press on its heading does: «+» the least first, «-» the greatest; empty: nothing
    is_number     stands to the right
    in_file_only  is not on the screen
    """

    key: str
    title: str | Promise
    value: Callable[[Any], Any]
    sorts: str = ""
    is_number: bool = False
    in_file_only: bool = False


@dataclass(frozen=True)
class Listing:
    """A list. order: how it is sorted while nobody has chosen, such as «-created»."""

    key: str
    title: str | Promise
    template: str
    columns: Sequence[Column]
    order: str

    @property
    def orders(self) -> list[str]:
        return [sign + column.key for column in self.columns if column.sorts for sign in ("", "-")]


@dataclass(frozen=True)
class Heading:
    """The head of a column. url sorts by it; direction is as `aria-sort` says it, empty for the others."""

    title: str
    is_number: bool
    url: str
    direction: str


@dataclass(frozen=True)
class Download:
    title: str
    url: str


@dataclass(frozen=True)
class ListPage:
    """A page of a list as its template shows it.

    shown       keys of the columns that are there
    text        which rows these are: «31–60»
    is_cut      there is more than the last page shows: only a filter or a file tells
    refusal     why there is no file
    """

    rows: Sequence[Any]
    shown: frozenset[str]
    headings: Sequence[Heading]
    downloads: Sequence[Download]
    previous_url: str
    next_url: str
    text: str
    sort: str
    is_filtered: bool
    is_cut: bool
    refusal: str = ""

    @property
    def sortings(self) -> list[Heading]:
        return [heading for heading in self.headings if heading.url]


def show_list(
    request: HttpRequest,
    listing: Listing,
    form: FilterForm,
    read: Read,
    *,
    without: Collection[str] = (),
    page: Mapping[str, Any] | None = None,
) -> HttpResponseBase:
    """Answer with a page of a list, or with the file that its address asks for.

    read     the query: `read(order_by=…, limit=…, offset=…)`
    without  keys of columns that this reader has no use for
    page     what else the template needs
    """
    asked = request.GET.get(SORT, "")
    order_by = asked if asked in listing.orders else listing.order
    columns = [column for column in listing.columns if column.key not in without]
    file_format = request.GET.get(DOWNLOAD, "")
    refusal = ""
    if file_format in FILES:
        rows = read(order_by=order_by, limit=MOST_EXPORTED + 1, offset=0)
        if len(rows) <= MOST_EXPORTED:
            return _file(request, listing, columns, form, rows, file_format)
        refusal = _("В файл помещается не больше %(most)s строк. Уточните, что показать, и скачайте по частям.") % {
            "most": formats.number(MOST_EXPORTED)
        }
    shown = _page(request, listing, columns, form, read, order_by, refusal)
    context = {"form": form, "list": shown, **(page or {})}
    return render(request, listing.template, context, status=422 if refusal else 200)


def _page(
    request: HttpRequest,
    listing: Listing,
    columns: Sequence[Column],
    form: FilterForm,
    read: Read,
    order_by: str,
    refusal: str,
) -> ListPage:
    number = min(max(page_number(request), 1), MOST_PAGES)
    offset = (number - 1) * ON_A_PAGE
    found = read(order_by=order_by, limit=ON_A_PAGE + 1, offset=offset)
    rows, has_more = found[:ON_A_PAGE], len(found) > ON_A_PAGE

    def url(**changes: str) -> str:
        query = request.GET.copy()
        for name in (PAGE, DOWNLOAD):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"

    return ListPage(
        rows=rows,
        shown=frozenset(column.key for column in columns),
        headings=[_heading(column, order_by, url) for column in columns if not column.in_file_only],
        downloads=[Download(_("Excel (XLSX)"), url(download="xlsx")), Download(_("Текст (CSV)"), url(download="csv"))],
        previous_url=url(page=str(number - 1)) if number > 1 else "",
        next_url=url(page=str(number + 1)) if has_more and number < MOST_PAGES else "",
        text=_range(offset, len(rows), has_more) if has_more or number > 1 else "",
        sort=order_by if order_by != listing.order else "",
        is_filtered=bool(form.wanted),
        is_cut=has_more and number == MOST_PAGES,
        refusal=refusal,
    )


def _heading(column: Column, order_by: str, url: Callable[..., str]) -> Heading:
    """Say what a heading does when it is pressed: it sorts, and pressed again it sorts the other way round."""
    direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(order_by, "")
    least_first = direction == "descending" or (not direction and column.sorts == "+")
    target = url(sort=column.key if least_first else f"-{column.key}") if column.sorts else ""
    return Heading(str(column.title), column.is_number, target, direction)


def _range(offset: int, count: int, has_more: bool) -> str:
    first, last = formats.number(offset + 1), formats.number(offset + count)
    if has_more:
        return f"{first}–{last}"
    return _("%(first)s–%(last)s из %(last)s") % {"first": first, "last": last} if count else ""


def _file(
    request: HttpRequest,
    listing: Listing,
    columns: Sequence[Column],
    form: FilterForm,
    rows: Sequence[Any],
    file_format: str,
) -> FileResponse:
    title = str(listing.title)
    write, content_type = FILES[file_format]
    table = ([_cell(column.value(row), row) for column in columns] for row in rows)
    file = write(title, [str(column.title) for column in columns], table)
    note_export(
        list_name=listing.key,
        file_format=file_format,
        rows_count=len(rows),
        filters=_not_personal(form),
        supplier_ids=form.supplier_ids,
        actor=request.user,
        now=request.now,
    )
    name = f"{title} {formats.day(request.now)}.{file_format}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _cell(value: Any, row: Any) -> Any:
    """Show a moment by the clock of the row's supplier, of the installation where a row has none."""
    if isinstance(value, dt.datetime):
        return value.astimezone(ZoneInfo(getattr(row, "zone", "") or settings.INSTALLATION_TIME_ZONE))
    return value


def _not_personal(form: FilterForm) -> dict[str, str]:
    """Say for the audit trail what a list was narrowed by; what was typed as text may be about a person."""
    return {
        name: "…" if isinstance(form.fields[name], forms.CharField) else str(value)
        for name, value in form.wanted.items()
    }
