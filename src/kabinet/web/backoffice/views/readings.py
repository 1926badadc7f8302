"""The queue of readings that wait for a check: the list, and one after another with what it is judged by."""

from decimal import Decimal
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.audit.queries import history_of
from kabinet.common.errors import Refusal
from kabinet.meters import queries as meters
from kabinet.meters.queries import WaitingCard
from kabinet.meters.usecases.ask_photo import ask_photo
from kabinet.meters.usecases.review_reading import review_reading
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.filters import FilterForm
from kabinet.web.backoffice.forms.readings import DecisionForm
from kabinet.web.backoffice.lists import Column, Listing, show_list
from kabinet.web.pictures import private_picture
from kabinet.web.ui import formats
from kabinet.web.ui.charts import Bar, BarChart, bar_chart

REASONS = (
    gettext_lazy("Число не похоже на показание этого счётчика. Пожалуйста, проверьте и передайте ещё раз."),
    gettext_lazy("Похоже, в числе лишняя цифра. Передайте только чёрные цифры до запятой."),
    gettext_lazy("Похоже, это показание другого счётчика."),
    gettext_lazy("На фотографии другое число. Пожалуйста, проверьте и передайте ещё раз."),
    gettext_lazy("Контролёр проверил счётчик: на нём другое число."),
)


LISTING = Listing(
    "readings",
    gettext_lazy("Показания на проверке"),
    "office/reading_queue.html",
    columns=(
        Column("account", gettext_lazy("Лицевой счёт"), lambda row: row.account_number, "+"),
        Column("supplier", gettext_lazy("Поставщик"), lambda row: row.supplier_name, "+"),
        Column("address", gettext_lazy("Адрес"), lambda row: row.address, in_file_only=True),
        Column("submitted", gettext_lazy("Передано"), lambda row: row.submitted_at, "+"),
        Column("photo", gettext_lazy("Фото"), lambda row: _("есть") if row.has_photo else "", in_file_only=True),
        Column("taken", gettext_lazy("Снято"), lambda row: row.taken_on, in_file_only=True),
        Column("meter", gettext_lazy("Счётчик"), lambda row: row.meter_serial, in_file_only=True),
        Column("previous", gettext_lazy("Было"), lambda row: row.previous_m3, is_number=True),
        Column("value", gettext_lazy("Показание"), lambda row: row.value_m3, is_number=True),
        Column("volume", gettext_lazy("Расход"), lambda row: row.volume_m3, "-", is_number=True),
    ),
    order="submitted",
)


@office("readings", rights.REVIEW_READINGS)
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    choices = suppliers_for_staff(rights.REVIEW_READINGS, visible_to=request.user)
    form = FilterForm(request.GET, suppliers=choices)
    read = partial(meters.waiting_readings, visible_to=request.user, supplier_id=form.wanted.get("supplier_id"))
    page = {
        "total": meters.waiting_count(visible_to=request.user),
        "first": meters.first_waiting(visible_to=request.user),
    }
    return show_list(request, LISTING, form, read, without=() if form.is_of_several else ("supplier",), page=page)


@office("readings", rights.REVIEW_READINGS)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, supplier_id: int, reading_id: int) -> HttpResponse:
    """Show a reading and take the decision; the next one that waits comes by itself."""
    card = meters.waiting_card(supplier_id, reading_id, visible_to=request.user)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        is_accepted = form.cleaned_data["decision"] == "accept"
        try:
            review_reading(
                supplier_id=supplier_id,
                reading_id=reading_id,
                is_accepted=is_accepted,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            card = meters.waiting_card(supplier_id, reading_id, visible_to=request.user)  # a colleague may have decided
        else:
            messages.success(request, _said(card, is_accepted=is_accepted))
            around = meters.neighbours_of(card, visible_to=request.user)
            following = around.after or around.before
            return redirect("office:reading", *following) if following else redirect("office:readings")
    page = {
        "card": card,
        "reading": card.row,
        "around": meters.neighbours_of(card, visible_to=request.user),
        "times_usual": card.times_usual and formats.number(card.times_usual, places=1),
        "chart": _chart(card),
        "form": form,
        "reasons": REASONS,
        "history": history_of(f"reading:{reading_id}", supplier_id=supplier_id),
    }
    return render(request, "office/reading_decide.html", page, status=422 if form.errors else 200)


@office("readings", rights.REVIEW_READINGS)
@require_POST
def ask(request: HttpRequest, supplier_id: int, reading_id: int) -> HttpResponse:
    """Ask for a photo, and go on with the reading: others wait behind it."""
    try:
        ask_photo(supplier_id=supplier_id, reading_id=reading_id, actor=request.user, now=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Фотографию попросили: письмом и в кабинете."))
    return redirect("office:reading", supplier_id, reading_id)


@office("readings", rights.REVIEW_READINGS)
@require_safe
def photo(request: HttpRequest, supplier_id: int, reading_id: int, size: str) -> HttpResponse:
    content = meters.photo_for_staff(supplier_id, reading_id, size, visible_to=request.user)
    return private_picture(content, f"meter-{reading_id}.jpg")


def _said(card: WaitingCard, *, is_accepted: bool) -> str:
    words = {
        "value": formats.reading(card.row.value_m3, card.row.digits),
        "number": formats.account_number(card.row.account_number),
    }
    if is_accepted:
        return _("Показание %(value)s счёта %(number)s учтено.") % words
    return _("Показание %(value)s счёта %(number)s не учтено, абонент увидит почему.") % words


def _chart(card: WaitingCard) -> BarChart:
    """Draw what counts by month, and on top of the last one what this reading would add, with a dashed edge."""
    bars = []
    for volume in card.months:
        is_last = volume is card.months[-1]
        asked_m3 = card.row.volume_m3 if is_last and card.is_waiting else None
        value = volume.volume_m3 if asked_m3 is None else (volume.volume_m3 or Decimal(0)) + asked_m3
        bars.append(
            Bar(
                label=formats.month_short(volume.period),
                name=formats.month_words(volume.period),
                value=value,
                group=str(volume.period.year),
                is_estimated=asked_m3 is not None,
            )
        )
    return bar_chart(bars, title=_("Расход по месяцам"), unit=_("м³"))
