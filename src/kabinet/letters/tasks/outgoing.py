"""Letters that registers leave by."""

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, Attachment, send
from kabinet.registers import queries as registers
from kabinet.registers.usecases.note_register_mailed import note_register_mailed
from kabinet.suppliers.queries import supplier_card


@app.task(name="letters.send_register_to_supplier", queue="letters", retry=RETRY)
def send_register_to_supplier(*, supplier_id: int, register_id: int, fact_id: str) -> None:
    """Send a register to the address that staff have set; one that was delivered or given up meanwhile stays here."""
    register = registers.outgoing_report(supplier_id, register_id).register
    email = registers.dispatch_card(supplier_id, register.kind).email
    if not (register.is_waiting and email):
        return
    path, file_name = registers.file_of_outgoing(supplier_id, register_id)
    send(
        to=email,
        subject=gettext_lazy("%(kind)s: реестр № %(number)s от %(day)s")
        % {"kind": capfirst(register.kind_name), "number": register.number, "day": f"{register.day:%d.%m.%Y}"},
        template="letters/register_to_supplier",
        context={"register": register, "kind": capfirst(register.kind_name)},
        attachments=[Attachment(file_name, path.read_bytes(), registers.media_type_of(file_name))],
        reply_to=supplier_card(supplier_id).email,
        fact_id=fact_id,
    )
    note_register_mailed(supplier_id=supplier_id, register_id=register_id, now=timezone.now())
