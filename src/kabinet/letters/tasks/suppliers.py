"""Letters to a supplier about what turns into its money."""

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, local_time, public_url, send
from kabinet.payments.queries.shops import switch_letter
from kabinet.suppliers.queries.details_changes import change_letter


@app.task(name="letters.send_bank_details_change", queue="letters", retry=RETRY)
def send_bank_details_change(*, supplier_id: int, change_id: int, fact_id: str) -> None:
    """Tell the supplier and those who keep its bank details that money is to go elsewhere, while it can be stopped."""
    if letter := change_letter(supplier_id, change_id):
        for email, language in letter.to:
            send(
                to=email,
                language=language,
                subject=_("Меняются банковские реквизиты поставщика"),
                template="letters/bank_details_change",
                context={
                    "change": letter.change,
                    "due_at": local_time(letter.change.due_at) if letter.change.due_at else "",
                    "details_link": public_url("office:bank_details", supplier_id),
                },
                fact_id=fact_id,
            )


@app.task(name="letters.send_shop_switch", queue="letters", retry=RETRY)
def send_shop_switch(*, supplier_id: int, switch_id: int, fact_id: str) -> None:
    """Tell the supplier and those who keep its shops that one is to take its money, while it can be stopped."""
    if letter := switch_letter(supplier_id, switch_id):
        for email, language in letter.to:
            send(
                to=email,
                language=language,
                subject=_("Деньги абонентов пойдут через другой магазин"),
                template="letters/shop_switch",
                context={
                    "switch": letter.switch,
                    "due_at": local_time(letter.switch.due_at) if letter.switch.due_at else "",
                    "shops_link": public_url("office:shops", supplier_id),
                },
                fact_id=fact_id,
            )
