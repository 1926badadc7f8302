"""Upload a register. What is in the file is looked at on the next page."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kabinet.common.errors import Refusal
from kabinet.payments.queries.office import SupplierChoice, suppliers_for_staff
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.registers.usecases.upload_register import BILLED_ELSEWHERE, upload_register
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.forms.registers import UploadForm


@office("registers", rights.LOAD_REGISTERS)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    own = suppliers_for_staff(rights.LOAD_REGISTERS, visible_to=request.user)
    kinds = _kinds_taken(own)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        suppliers=own,
        kinds=kinds,
        initial={"kind": request.GET.get("kind", "")},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            register = upload_register(
                supplier_id=given["supplier_id"],
                kind=given["kind"],
                file_name=given["file"].name,
                file=given["file"],
                actor=request.user,
                now=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("office:register_format", register.supplier_id, register.id)
    page = {"form": form, "kinds": kinds, "is_billed_elsewhere": _is_billed_elsewhere(own), "own": own}
    return render(request, "office/register_upload.html", page, status=422 if form.errors else 200)


def _kinds_taken(own: Sequence[SupplierChoice]) -> list[str]:
    """Name the kinds of registers that any of the suppliers may bring: what is charged here comes in no file."""
    is_billed_elsewhere = _is_billed_elsewhere(own)
    return [code for code, _name in registers.kinds() if is_billed_elsewhere or code not in BILLED_ELSEWHERE]


def _is_billed_elsewhere(own: Sequence[SupplierChoice]) -> bool:
    return any(suppliers.supplier_card(supplier.id).is_billed_elsewhere for supplier in own)
