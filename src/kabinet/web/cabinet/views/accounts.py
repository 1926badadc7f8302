"""Accounts of a cabinet: attaching, proving, naming, ordering, detaching."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts import queries
from kabinet.accounts.usecases.attach_account import attach_account
from kabinet.accounts.usecases.detach_account import detach_account
from kabinet.accounts.usecases.end_foreign_access import end_foreign_access
from kabinet.accounts.usecases.name_account import name_account
from kabinet.accounts.usecases.order_accounts import order_accounts
from kabinet.accounts.usecases.prove_ownership import prove_ownership
from kabinet.accounts.usecases.share_full_access import share_full_access
from kabinet.common.errors import NotFound, Refusal
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.cabinet.access import signed_in
from kabinet.web.cabinet.forms.accounts import AttachForm, NameForm, ProofForm


@dataclass(frozen=True)
class NoticeBox:
    """One digit on the drawing of the printed notice; places are in units of the drawing."""

    sign: str
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


@dataclass(frozen=True)
class NoticeDrawing:
    """What the drawing of the printed notice shows."""

    number: str
    form_name: str

    @property
    def boxes(self) -> list[NoticeBox]:
        return [NoticeBox(sign, 124 + place * self._width, self._width) for place, sign in enumerate(self.number)]

    @property
    def mark_width(self) -> float:
        return len(self.number) * self._width + 12

    @property
    def _width(self) -> float:
        room = 274
        return min(26, room / len(self.number))


@signed_in
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest) -> HttpResponse:
    """Show the form, and attach. A choice of the supplier alone ("choose") shows what that supplier asks for."""
    options, supplier = suppliers.listed_suppliers(), _chosen_supplier(request)
    if request.method == "POST" and "choose" not in request.POST:
        form = AttachForm(request.POST, options=options, supplier=supplier)
        if form.is_valid():
            try:
                access = attach_account(
                    supplier_id=form.cleaned_data["supplier"],
                    number=form.cleaned_data["number"],
                    proof=form.cleaned_data.get("proof", ""),
                    actor=request.user,
                    address=request.visitor_address,
                    now=request.now,
                )
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return redirect("cabinet:account_attached", access.supplier_id, access.account_id)
    else:
        typed = {name: request.POST.get(name, "") for name in ("supplier", "number")}
        form = AttachForm(initial=typed, options=options, supplier=supplier)
    return render(
        request, "cabinet/account_attach.html", {"form": form, "supplier": supplier, "notice": _notice(supplier)}
    )


@signed_in
@require_safe
def attached(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = queries.account_card(supplier_id, account_id, visible_to=request.user)
    return render(request, "cabinet/account_attached.html", {"account": account})


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    """Show an account's settings; a post names it, or changes another holder's access."""
    account = queries.account_card(supplier_id, account_id, visible_to=request.user)
    form = NameForm(initial={"alias": account.alias})
    if "share" in request.POST or "end" in request.POST:
        return _change_holder(request, supplier_id, account_id)
    if request.method == "POST":
        form = NameForm(request.POST)
        if form.is_valid():
            name_account(
                supplier_id=supplier_id, account_id=account_id, actor=request.user, alias=form.cleaned_data["alias"]
            )
            messages.success(request, _("Название сохранено."))
            return redirect("cabinet:account_settings", supplier_id, account_id)
    others = []
    if account.is_full:
        others = [holder for holder in queries.holders(supplier_id, account_id) if holder.user_id != request.user.pk]
    return render(request, "cabinet/account_settings.html", {"account": account, "form": form, "others": others})


@signed_in
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = queries.account_card(supplier_id, account_id, visible_to=request.user)
    if not account.can_be_proven:
        return redirect("cabinet:account_settings", supplier_id, account_id)
    form = ProofForm(request.POST or None, supplier=suppliers.supplier_card(supplier_id))
    if form.is_valid():
        try:
            prove_ownership(
                supplier_id=supplier_id,
                account_id=account_id,
                proof=form.cleaned_data["proof"],
                actor=request.user,
                address=request.visitor_address,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Счёт подтверждён: теперь доступ полный."))
            return redirect("cabinet:account", supplier_id, account_id)
    return render(request, "cabinet/account_prove.html", {"account": account, "form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def detach(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    account = queries.account_card(supplier_id, account_id, visible_to=request.user)
    if request.method == "POST":
        detach_account(supplier_id=supplier_id, account_id=account_id, actor=request.user, now=request.now)
        messages.success(
            request, _("Лицевой счёт %(number)s отключён от Вашего кабинета.") % {"number": account.number}
        )
        return redirect("cabinet:settings")
    return render(request, "cabinet/account_detach.html", {"account": account})


@signed_in
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Move one account a place up or down: the button's name says where, its value which."""
    keys = [account.key for account in queries.accounts_of(request.user)]
    direction = "up" if "up" in request.POST else "down"
    try:
        place = keys.index(request.POST.get(direction, ""))
    except ValueError as error:
        raise NotFound from error
    neighbour = min(max(place + (-1 if direction == "up" else 1), 0), len(keys) - 1)
    keys[place], keys[neighbour] = keys[neighbour], keys[place]
    order_accounts(keys=[_pair(key) for key in keys], actor=request.user)
    return redirect("cabinet:settings")


def _change_holder(request: HttpRequest, supplier_id: int, account_id: int) -> HttpResponse:
    is_shared = "share" in request.POST
    change = share_full_access if is_shared else end_foreign_access
    try:
        change(
            supplier_id=supplier_id,
            account_id=account_id,
            access_id=_whole(request.POST["share" if is_shared else "end"]),
            actor=request.user,
            now=request.now,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Полный доступ дан.") if is_shared else _("Доступ прекращён, мы сообщили письмом."))
    return redirect("cabinet:account_settings", supplier_id, account_id)


def _chosen_supplier(request: HttpRequest) -> SupplierCard | None:
    chosen = request.POST.get("supplier", "")
    try:
        return suppliers.listed_supplier_card(_whole(chosen))
    except NotFound:
        return None


def _notice(supplier: SupplierCard | None) -> NoticeDrawing:
    """Give the drawing for a supplier; before one is chosen, that of the notice in the instruction."""
    if supplier is None or not supplier.number_example:
        return NoticeDrawing("702062012", "2А ГАЗ 012")
    return NoticeDrawing(supplier.number_example, supplier.form_name)


def _whole(text: str) -> int:
    """Read an id. Raises NotFound for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise NotFound
    return int(text)


def _pair(key: str) -> tuple[int, int]:
    supplier_id, account_id = key.split("-")
    return int(supplier_id), int(account_id)
