"""The editor of formats, over the file that one has before one: what is chosen is tried on its first lines at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.formats.containers.opening import CONTAINER_LABELS
from kabinet.registers.formats.looking import Look, look_at
from kabinet.registers.formats.preview import Preview, preview
from kabinet.registers.formats.profile import Profile, ProfileInvalid
from kabinet.registers.formats.reading import FileRefused
from kabinet.registers.queries import RegisterRow
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.save_format_profile import save_format_profile
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.register_formats import MeaningForm, ShapeForm, columns_of, profile_of
from kabinet.web.backoffice.views.registers.known import KnownFormat, known_format
from kabinet.web.backoffice.views.registers.shown import first_lines, shown_lines

LINES_TRIED = 5
LINES_SHOWN = 4


@dataclass(frozen=True)
class Draft:
    """A format that is being made, against a file.

    base     what it begins with; None for one from nothing
    profile  what was chosen so far; None while it is no format yet, and `problem` says why
    """

    base: KnownFormat | None
    look: Look
    shape: ShapeForm
    meaning: MeaningForm
    profile: Profile | None
    problem: str
    preview: Preview | None


@office("registers", rights.LOAD_REGISTERS)
@require_http_methods(["GET", "POST"])
def edit_format(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Show what the file would be by what is chosen; keep it and read the file, when that is pressed."""
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    register = registers.register_report(supplier_id, register_id).register
    if not register.can_be_read:
        return redirect("office:register", supplier_id, register_id)
    path = registers.file_of_register(supplier_id, register_id)
    try:
        draft = _draft(request, register, path)
    except FileRefused:
        return redirect("office:register_format", supplier_id, register_id)
    if "save" in request.POST and draft.profile:
        try:
            return _save(request, register, draft, draft.profile)
        except Refusal as refusal:
            draft.meaning.refuse(refusal)
    return _show(request, register, draft)


def _draft(request: HttpRequest, register: RegisterRow, path: Path) -> Draft:
    """Look at the file as the shape says, then at its columns. Raises FileRefused, NotFound."""
    key = request.POST.get("from", request.GET.get("from", ""))
    base = known_format(register.supplier_id, register.kind, key) if key else None
    profile = base.profile if base else None
    shape = ShapeForm(request.POST, look=look_at(path), profile=profile)
    look = _looked(path, shape.shape)
    columns = columns_of(look, headings=shape.shape["headings"], comment=shape.shape["comment"])
    meaning = MeaningForm(
        request.POST,
        kind=KINDS[register.kind],
        profile=profile,
        name=_first_name(base),
        columns=columns,
        services=suppliers.services(register.supplier_id),
    )
    chosen, problem = None, ""
    if shape.is_valid() and meaning.is_valid():
        try:
            chosen = profile_of(look, shape.shape, meaning, columns, profile)
        except ProfileInvalid as invalid:
            problem = str(invalid)
            if "save" in request.POST:
                meaning.refuse(invalid)
    tried = preview(path, chosen, lines_count=LINES_TRIED) if chosen else None
    return Draft(base, look, shape, meaning, chosen, problem, tried)


def _looked(path: Path, shape: Mapping[str, Any]) -> Look:
    return look_at(
        path,
        encoding=shape["encoding"],
        delimiter=shape["delimiter"],
        quote=shape["quote"],
        sheet=shape["sheet"],
        skipped_lines=shape["skipped_lines"],
    )


def _first_name(base: KnownFormat | None) -> str:
    """Name a format before anybody has: one of the staff's own keeps its name, a ready one makes a new one."""
    if base is None:
        return ""
    return base.name if base.profile_id else _("%(name)s, наш") % {"name": base.name}


def _save(request: HttpRequest, register: RegisterRow, draft: Draft, profile: Profile) -> HttpResponse:
    """Keep the format and have the file read by it. Raises Refusal."""
    name = draft.meaning.cleaned_data["name"]
    saved = save_format_profile(
        supplier_id=register.supplier_id,
        name=name,
        profile=profile,
        profile_id=draft.base.profile_id if draft.base else None,
        actor=request.user,
        now=request.now,
    )
    read_register(
        supplier_id=register.supplier_id,
        register_id=register.id,
        profile=profile,
        profile_name=saved.name,
        actor=request.user,
        now=request.now,
    )
    messages.success(request, _("Формат «%(name)s» сохранён, читаем им файл.") % {"name": saved.name})
    return redirect("office:register", register.supplier_id, register.id)


def _show(request: HttpRequest, register: RegisterRow, draft: Draft) -> HttpResponse:
    base = draft.base
    page = {
        "register": register,
        "base": base,
        "has_hidden": bool(base and (base.profile.parts or base.profile.only)),
        "look": draft.look,
        "lines": first_lines(draft.look, LINES_SHOWN),
        "container_name": CONTAINER_LABELS[draft.look.container],
        "shape": draft.shape,
        "meaning": draft.meaning,
        "problem": draft.problem or (draft.preview.problem if draft.preview else ""),
        "shown": shown_lines(draft.preview) if draft.preview else (),
        "fits": bool(draft.preview and draft.preview.fits),
    }
    is_wrong = draft.shape.errors or draft.meaning.errors
    return render(request, "office/register_format_edit.html", page, status=422 if is_wrong else 200)
