"""How a file is written: choose a format that is known, and the list of those that are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import suppliers_for_staff
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.formats.containers.opening import CONTAINER_LABELS
from kabinet.registers.formats.looking import look_at
from kabinet.registers.formats.reading import FileRefused
from kabinet.registers.formats.sample import EXTENSIONS, sample_of
from kabinet.registers.queries import RegisterRow
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.remove_format_profile import remove_format_profile
from kabinet.suppliers import queries as suppliers
from kabinet.suppliers.queries import SupplierCard
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.views.registers.known import known_format, ready_formats, tried_formats, usual_format
from kabinet.web.backoffice.views.registers.shown import first_lines

LINES_SHOWN = 6
#: So many numbers after the supplier's example are tried for a second one with a fitting check digit.
MOST_TRIED = 200


@office("registers", rights.LOAD_REGISTERS)
@require_http_methods(["GET", "POST"])
def choose_format(request: HttpRequest, supplier_id: int, register_id: int) -> HttpResponse:
    """Show what the file seems to be and which formats fit; read it by the one that is pressed."""
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    register = registers.register_report(supplier_id, register_id).register
    if not register.can_be_read:
        return redirect("office:register", supplier_id, register_id)
    refusal = ""
    if request.method == "POST":
        known = known_format(supplier_id, register.kind, request.POST.get("format", ""))
        try:
            read_register(
                supplier_id=supplier_id,
                register_id=register_id,
                profile=known.profile,
                profile_name=known.name,
                actor=request.user,
                now=request.now,
            )
        except Refusal as refused:
            refusal = str(refused)
        else:
            return redirect("office:register", supplier_id, register_id)
    return _show(request, register, refusal)


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def formats_of(request: HttpRequest) -> HttpResponse:
    """List the formats that staff have set, and name those that come with the portal."""
    own = suppliers_for_staff(rights.LOAD_REGISTERS, visible_to=request.user)
    names = dict(registers.kinds())
    page = {
        "formats": registers.profiles_of([supplier.id for supplier in own]),
        "supplier_names": {supplier.id: supplier.name for supplier in own} if len(own) > 1 else {},
        "sample_supplier_id": own[0].id,
        "ready": [
            (code, name, [known for known in ready_formats() if known.profile.kind == code])
            for code, name in names.items()
        ],
    }
    return render(request, "office/register_formats.html", page)


@office("registers", rights.LOAD_REGISTERS)
@require_safe
def sample(request: HttpRequest, supplier_id: int, kind: str) -> HttpResponse:
    """Give an example of a file that a format reads; without a format named, of our own."""
    check_right(request.user, rights.LOAD_REGISTERS, supplier_id)
    key = request.GET.get("format", "")
    known = known_format(supplier_id, kind, key) if key else usual_format(kind)
    supplier = suppliers.supplier_card(supplier_id)
    content = sample_of(
        known.profile,
        numbers=_example_numbers(supplier),
        service_code=suppliers.services(supplier_id)[0].code,
        today=suppliers.local_day(request.now, supplier),
    )
    answer = HttpResponse(content, content_type="application/octet-stream")
    name = _("Образец: %(name)s") % {"name": f"{known.name.replace(': ', ' ')}.{EXTENSIONS[known.profile.container]}"}
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


def _example_numbers(supplier: SupplierCard) -> list[str]:
    """Give two numbers like those of a supplier's accounts: its example, and the next one that has their form."""
    first = supplier.number_normalised(supplier.number_example) or "702062012"
    bare = first.rstrip("0123456789")
    digits = first[len(bare) :]
    following = (f"{bare}{int(digits or 0) + step:0{len(digits)}}" for step in range(1, MOST_TRIED))
    return [first, next((each for each in following if supplier.number_problem(each) is None), f"{first}1")]


@office("registers", rights.LOAD_REGISTERS)
@require_POST
def forget_format(request: HttpRequest, supplier_id: int, profile_id: int) -> HttpResponse:
    """Let a format be chosen no more. What was read by it stays as it is."""
    remove_format_profile(supplier_id=supplier_id, profile_id=profile_id, actor=request.user, now=request.now)
    messages.success(request, _("Формат убран. Реестры, которые им прочитаны, остались как были."))
    return redirect("office:register_formats")


def _show(request: HttpRequest, register: RegisterRow, refusal: str) -> HttpResponse:
    path = registers.file_of_register(register.supplier_id, register.id)
    look, problem = None, ""
    try:
        look = look_at(path)
    except FileRefused as refused:
        problem = str(refused)
    page = {
        "register": register,
        "refusal": refusal,
        "look": look,
        "problem": problem,
        "lines": first_lines(look, LINES_SHOWN) if look else (),
        "tried": tried_formats(register, path) if look else (),
        "container_name": CONTAINER_LABELS[look.container] if look else "",
    }
    return render(request, "office/register_format.html", page, status=422 if refusal else 200)
