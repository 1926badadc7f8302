"""«Показания»: handing in, what it will cost, the history."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.queries import AccountCard
from kabinet.charges import queries as charges
from kabinet.charges.queries import Estimate
from kabinet.charges.usecases.withdraw_own_reading import withdraw_own_reading
from kabinet.common.errors import Refusal
from kabinet.meters import queries as meters
from kabinet.meters.queries import MeterCard, ReadingRow, ScaleCard
from kabinet.meters.rules import UNVERIFIED, Outage, ReadingWindow
from kabinet.meters.usecases.add_photo import add_photo
from kabinet.meters.usecases.submit_reading_with_photo import HandedIn, submit_reading_with_photo
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.context import SESSION_KEY, account_here
from kabinet.web.cabinet.forms.readings import PhotoForm, ReadingForm
from kabinet.web.pictures import private_picture
from kabinet.web.ui import formats

HISTORY_PAGE = 12
"""Readings on a page: a year of one meter."""


@dataclass(frozen=True)
class Dial:
    """One scale as it stands on a screen: the form to hand in its reading, or the reason why there is none.

    form    None when nothing can be handed in now
    reason  why: «closed», «paused», «lite», «removed», «expired», «outage», «waits»; empty with a form
    outage  what keeps the meter from counting today, with «expired» and «outage»
    is_done a reading has been handed in within the open window
    takes_photo  that reading waits for a check, and this person may add a photo to it
    is_own  that reading counts, and this person has handed it in: it may be withdrawn
    is_refused  the last one that was handed in does not count, and this person may know of it
    """

    meter: MeterCard
    scale: ScaleCard
    form: ReadingForm | None
    reason: str
    outage: Outage | None
    is_done: bool
    takes_photo: bool
    is_own: bool
    is_refused: bool

    @property
    def is_verified(self) -> bool:
        return self.reason != "expired"

    @property
    def needs_reading(self) -> bool:
        return self.form is not None and not self.is_done


def dials_of(
    account: AccountCard,
    all_meters: Sequence[MeterCard],
    window: ReadingWindow,
    *,
    supplier: SupplierCard,
    user_id: int,
    today: dt.date,
    back: str,
) -> list[Dial]:
    """Give every scale of every meter with its form, those in use first."""
    _before, opened = meters.latest_windows(supplier, today)
    return [
        Dial(
            meter=meter,
            scale=scale,
            form=None if reason else ReadingForm(meter, scale, supplier=supplier, today=today, back=back),
            reason=reason,
            outage=meter.outage_on(today),
            is_done=window.is_open_on(today) and scale.has_reading_in(window),
            takes_photo=supplier.takes_photos and scale.takes_photo_of(user_id, is_full=account.is_full),
            is_own=scale.latest_author_id == user_id and not scale.awaits_check,
            is_refused=scale.is_refused_since(opened.opens_on)
            and (account.is_full or scale.refused_author_id == user_id),
        )
        for meter in all_meters
        for reason in [_reason_against(account, supplier, meter, window, today)]
        for scale in meter.scales
    ]


def _reason_against(
    account: AccountCard, supplier: SupplierCard, meter: MeterCard, window: ReadingWindow, today: dt.date
) -> str:
    if account.is_closed:
        return "closed"
    if supplier.pause_note:
        return "paused"
    if not (account.is_full or supplier.lite_submits_readings):
        return "lite"
    if meter.is_removed:
        return "removed"
    if outage := meter.outage_on(today):
        return "expired" if outage.reason == UNVERIFIED else "outage"
    return "" if window.is_open_on(today) else "waits"


@signed_in
@require_safe
def overview(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = account_here(request, supplier_id, account_id)
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(request.now, supplier)
    window = meters.reading_window(supplier, today)
    all_meters = meters.meters_of_account(account)
    context = {
        "account": account,
        "supplier": supplier,
        "window": window,
        "is_open": window.is_open_on(today),
        "days_left": window.days_left_on(today),
        "dials": dials_of(
            account, all_meters, window, supplier=supplier, user_id=request.user.pk, today=today, back="readings"
        ),
        "several_dials": sum(len(card.scales) for card in all_meters) > 1,
        **_history(request, account, all_meters),
    }
    return render(request, "cabinet/readings.html", context)


@signed_in
@require_safe
def meter(request: HttpRequest, supplier_id: int, meter_id: int) -> HttpResponse:
    card = meters.meter_card(supplier_id, meter_id, visible_to=request.user)
    account = _account_of(request, card)
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(request.now, supplier)
    window = meters.reading_window(supplier, today)
    context = {
        "account": account,
        "supplier": supplier,
        "meter": card,
        "is_verified": card.is_verified_on(today),
        "window": window,
        "dials": dials_of(
            account, [card], window, supplier=supplier, user_id=request.user.pk, today=today, back="readings"
        ),
        **_history(request, account, [card], meter_id=meter_id),
    }
    return render(request, "cabinet/meter.html", context)


def _history(
    request: HttpRequest, account: AccountCard, cards: Sequence[MeterCard], meter_id: int | None = None
) -> dict[str, object]:
    """Give a page of the history under full access, newest first, and the addresses of its neighbours."""
    if not account.is_full:
        return {"history": None}
    asked = request.GET.get("page", "")
    page = int(asked) if re.fullmatch(r"[1-9][0-9]{0,3}", asked) else 1
    offset = (page - 1) * HISTORY_PAGE
    rows = meters.reading_history(account, meter_id=meter_id, limit=HISTORY_PAGE + 1, offset=offset)
    return {
        "history": [(row, _handed_in_by(row, request)) for row in rows[:HISTORY_PAGE]],
        "names_dials": sum(len(card.scales) for card in cards) > 1,
        "newer": f"?page={page - 1}#history" if page > 1 else "",
        "older": f"?page={page + 1}#history" if len(rows) > HISTORY_PAGE else "",
    }


def _handed_in_by(row: ReadingRow, request: HttpRequest) -> str:
    """Say who handed a reading in and how; of other holders of the account only that it was one of them."""
    if row.author_id is None:
        return row.source_name
    author = _("Вы") if row.author_id == request.user.pk else _("другой пользователь счёта")
    return f"{author}, {row.source_name}"


@signed_in
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, supplier_id: int, meter_id: int) -> HttpResponse:
    """The whole form on a page of its own: where a refusal is answered, and what works without scripts."""
    form, estimated = _form(request, supplier_id, meter_id), None
    if form.is_valid():
        cleaned = {**form.cleaned_data}
        try:
            handed_in = submit_reading_with_photo(
                supplier_id=supplier_id,
                meter_id=meter_id,
                scale_id=form.scale.id,
                value_m3=cleaned["value_m3"],
                taken_on=cleaned["taken_on"],
                confirmed=cleaned["confirmed"],
                rolled_over=cleaned["rolled_over"],
                photo=cleaned.get("photo"),
                request_id=cleaned["request_id"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
            if form.asks_confirmation or form.asks_rollover:
                estimated = charges.estimate(form.meter, form.scale, cleaned["value_m3"], taken_on=cleaned["taken_on"])
        else:
            _say(request, handed_in, form.meter)
            return redirect(f"cabinet:{cleaned['back'] or 'readings'}", supplier_id, form.meter.account_id)
    return _submit_page(request, form, estimated)


def _say(request: HttpRequest, handed_in: HandedIn, meter: MeterCard) -> None:
    """Say that the number is stored, and of its photo only what went wrong."""
    value = formats.reading(handed_in.reading.value_m3, meter.digits)
    if handed_in.reading.status == "accepted":
        messages.success(request, _("Показание %(value)s принято.") % {"value": value})
    else:
        said = _("Показание %(value)s записано. Расход больше обычного, поэтому его проверит поставщик.")
        messages.success(request, said % {"value": value})
    if handed_in.photo_refused:
        said = _("Фотография к показанию не приложена. %(why)s Само показание сохранено.")
        messages.warning(request, said % {"why": handed_in.photo_refused})


@signed_in
@require_POST
def estimate(request: HttpRequest, supplier_id: int, meter_id: int) -> HttpResponse:
    """What the number being typed would cost: a fragment for htmx, the page of the form without scripts."""
    form = _form(request, supplier_id, meter_id)
    estimated = None
    if form.is_valid():
        cleaned = form.cleaned_data
        estimated = charges.estimate(form.meter, form.scale, cleaned["value_m3"], taken_on=cleaned["taken_on"])
    if not request.htmx:
        return _submit_page(request, form, estimated)
    context = {"estimate": estimated, "form": form, "was_typed": form["value_m3"].value()}
    return render(request, "cabinet/reading_estimate.html", context)


def _form(request: HttpRequest, supplier_id: int, meter_id: int) -> ReadingForm:
    card = meters.meter_card(supplier_id, meter_id, visible_to=request.user)
    sent = request.POST.get("scale_id", "")
    scale = card.scale_by_id(int(sent) if sent.isdecimal() else None)
    supplier = suppliers.supplier_card(supplier_id)
    today = suppliers.local_day(request.now, supplier)
    return ReadingForm(
        card, scale, request.POST or None, request.FILES or None, supplier=supplier, today=today, back="readings"
    )


def _submit_page(request: HttpRequest, form: ReadingForm, estimated: Estimate | None) -> HttpResponse:
    context = {
        "account": _account_of(request, form.meter),
        "meter": form.meter,
        "scale": form.scale,
        "form": form,
        "estimate": estimated,
    }
    return render(request, "cabinet/reading_submit.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, supplier_id: int, reading_id: int) -> HttpResponse:
    """Ask once, then let one's own reading not count; the right one is handed in on the page that follows."""
    place = meters.photo_place(supplier_id, reading_id, visible_to=request.user)
    value = formats.reading(place.value_m3, place.digits)
    if request.method == "POST":
        try:
            withdraw_own_reading(supplier_id=supplier_id, reading_id=reading_id, actor=request.user, now=request.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("Показание %(value)s больше не учитывается. Передайте верное.")
            messages.success(request, said % {"value": value})
        return redirect("cabinet:readings", supplier_id, place.account.id)
    context = {"account": _framed(request, supplier_id, place.account.id), "place": place}
    return render(request, "cabinet/reading_withdraw.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest, supplier_id: int, reading_id: int) -> HttpResponse:
    """The photo of a reading: what is there, and another one while the reading waits for a check."""
    place = meters.photo_place(supplier_id, reading_id, visible_to=request.user)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            add_photo(
                supplier_id=supplier_id,
                reading_id=reading_id,
                file=form.cleaned_data["photo"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            value = formats.reading(place.value_m3, place.digits)
            messages.success(request, _("Фотография приложена к показанию %(value)s.") % {"value": value})
            return redirect("cabinet:readings", supplier_id, place.account.id)
    context = {
        "account": _framed(request, supplier_id, place.account.id),
        "supplier": suppliers.supplier_card(supplier_id),
        "place": place,
        "form": form,
    }
    return render(request, "cabinet/reading_photo.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def photo_file(request: HttpRequest, supplier_id: int, reading_id: int, size: str) -> HttpResponse:
    content = meters.photo_of_customer(supplier_id, reading_id, size, visible_to=request.user)
    return private_picture(content, f"meter-{reading_id}.jpg")


def _account_of(request: HttpRequest, card: MeterCard) -> AccountCard:
    return _framed(request, card.supplier_id, card.account_id)


def _framed(request: HttpRequest, supplier_id: int, account_id: int) -> AccountCard:
    """Give an account and let the frame show it: these addresses name none."""
    account = account_here(request, supplier_id, account_id)
    if request.session.get(SESSION_KEY) != account.key:
        request.session[SESSION_KEY] = account.key
    return account
