"""Letters about registers: to customers whom one has charged, to the staff whose work it was."""

from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from kabinet.bills.queries.imported import accounts_of_reader, readers_of_register
from kabinet.bills.queries.letters import month_letter
from kabinet.common.month import Month
from kabinet.common.words import month_words
from kabinet.letters.operations import RETRY, public_url, send
from kabinet.letters.tasks.charges import READERS_OF_A_JOB, bill_attached, write_month
from kabinet.outbox import operations as outbox
from kabinet.people.queries.letters import addressee
from kabinet.registers import queries as registers
from kabinet.registers.queries import RegisterLetter

#: With more accounts than these bills would make a letter that mail servers refuse; they are in the cabinet.
MOST_BILLS = 10


@app.task(name="letters.announce_imported_charges", queue="letters", retry=RETRY)
def announce_imported_charges(
    *, supplier_id: int, register_id: int, kind: str, fact_id: str, after_user_id: int = 0
) -> None:
    """Ask for a letter to each of the next people whose accounts a register has charged, and for this again.

    A job for each person, as after an accrual (docs/adr/0133), whatever number of accounts they have.
    """
    month = registers.month_to_announce(supplier_id, register_id)
    if month is None:
        return
    readers = readers_of_register(
        supplier_id, month.number, month.period, after_user_id=after_user_id, limit=READERS_OF_A_JOB
    )
    with transaction.atomic():
        for user_id in readers:
            outbox.defer(
                "letters.send_imported_charges",
                supplier_id=supplier_id,
                number=month.number,
                period=month.period,
                user_id=user_id,
                fact_id=fact_id,
            )
        if len(readers) == READERS_OF_A_JOB:
            outbox.defer(
                "letters.announce_imported_charges",
                supplier_id=supplier_id,
                register_id=register_id,
                kind=kind,
                fact_id=fact_id,
                after_user_id=readers[-1],
            )


@app.task(name="letters.send_imported_charges", queue="letters", retry=RETRY)
def send_imported_charges(*, supplier_id: int, number: int, period: str, user_id: int, fact_id: str) -> None:
    """Write to one person about all of their accounts: as after an accrual for one, in one letter for several."""
    month, now = Month.parse(period), timezone.now()
    to = addressee(user_id)
    if to is None:
        return
    account_ids = accounts_of_reader(supplier_id, number, month, user_id)
    found = [(each, month_letter(supplier_id, each, user_id, month, now=now)) for each in account_ids]
    letters = [(account_id, letter) for account_id, letter in found if letter]
    if len(letters) == 1:
        [(account_id, letter)] = letters
        write_month(letter, supplier_id, account_id, to=to, fact_id=f"{fact_id}/{account_id}")
    elif letters:
        with translation.override(to.language):
            subject = _("Начислено за %(month)s по Вашим лицевым счетам") % {"month": month_words(month)}
        written = [letter for _account_id, letter in letters]
        with_bills = letters if len(letters) <= MOST_BILLS else []
        send(
            to=to.email,
            language=to.language,
            subject=subject,
            template="letters/months_charged",
            context={"letters": written, "period": month, "link": public_url("cabinet:home")},
            attachments=[
                paper
                for account_id, letter in with_bills
                if letter.bill
                for paper in bill_attached(letter.bill, supplier_id, account_id)
            ],
            fact_id=f"{fact_id}/{user_id}",
        )


@app.task(name="letters.send_register_applied", queue="letters", retry=RETRY)
def send_register_applied(*, supplier_id: int, register_id: int, kind: str, fact_id: str) -> None:
    """Tell whoever brought a register that a colleague has had it applied."""
    _send(
        registers.applied_letter(supplier_id, register_id),
        gettext_lazy("Реестр № %(number)s проведён"),
        "letters/register_applied",
        fact_id,
    )


@app.task(name="letters.send_register_stopped", queue="letters", retry=RETRY)
def send_register_stopped(*, supplier_id: int, register_id: int, fact_id: str) -> None:
    """Tell those who wait for a register that it will not go on by itself."""
    _send(
        registers.stopped_letter(supplier_id, register_id),
        gettext_lazy("Работа с реестром № %(number)s прервалась"),
        "letters/register_stopped",
        fact_id,
    )


def _send(letter: RegisterLetter, subject: Any, template: str, fact_id: str) -> None:
    register = letter.register
    for user_id in letter.to:
        if to := addressee(user_id):
            with translation.override(to.language):
                title = subject % {"number": register.number}
            send(
                to=to.email,
                language=to.language,
                subject=title,
                template=template,
                context={
                    "register": register,
                    "kind": capfirst(register.kind_name),
                    "link": public_url("office:register", register.supplier_id, register.id),
                },
                fact_id=fact_id,
            )
