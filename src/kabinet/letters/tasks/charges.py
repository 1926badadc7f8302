"""Letters about charges: the month's sum, to everybody who has the account in their cabinet."""

from functools import partial

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from kabinet.bills.formats import bill as bill_format
from kabinet.bills.formats.bill import Bill
from kabinet.bills.queries.letters import MonthLetter, month_letter, readers_of_run
from kabinet.common.month import Month
from kabinet.common.words import month_words
from kabinet.letters.operations import RETRY, Attachment, papers, public_url, send
from kabinet.outbox import operations as outbox
from kabinet.people.queries.letters import Addressee, addressee

READERS_OF_A_JOB = 500


@app.task(name="letters.announce_month_charged", queue="letters", retry=RETRY)
def announce_month_charged(
    *, supplier_id: int, run_id: int, period: str, fact_id: str, after_access_id: int = 0
) -> None:
    """Ask for a letter to each of the next readers, and for this again while there are more.

    A job for each reader, so that one address that is refused stops no other; a million of them are not made at once.
    """
    readers = readers_of_run(supplier_id, run_id, after_access_id=after_access_id, limit=READERS_OF_A_JOB)
    with transaction.atomic():
        for reader in readers:
            outbox.defer(
                "letters.send_month_charged",
                supplier_id=supplier_id,
                account_id=reader.account_id,
                user_id=reader.user_id,
                period=period,
                fact_id=fact_id,
            )
        if len(readers) == READERS_OF_A_JOB:
            outbox.defer(
                "letters.announce_month_charged",
                supplier_id=supplier_id,
                run_id=run_id,
                period=period,
                fact_id=fact_id,
                after_access_id=readers[-1].access_id,
            )


@app.task(name="letters.send_month_charged", queue="letters", retry=RETRY)
def send_month_charged(*, supplier_id: int, account_id: int, user_id: int, period: str, fact_id: str) -> None:
    """Say what was charged, why it differs from last month and until when to pay, with the bill for full holders."""
    month = Month.parse(period)
    letter = month_letter(supplier_id, account_id, user_id, month, now=timezone.now())
    to = addressee(user_id)
    if letter is None or to is None:
        return
    # One fact is many letters: each account's is a message of its own, also to the same reader.
    write_month(letter, supplier_id, account_id, to=to, fact_id=f"{fact_id}/{account_id}")


def write_month(letter: MonthLetter, supplier_id: int, account_id: int, *, to: Addressee, fact_id: str) -> None:
    """Send the letter about one account, which leads to the month's page for full holders."""
    page = ("cabinet:charges_month", supplier_id, account_id, str(letter.period))
    with translation.override(to.language):
        words = {"month": month_words(letter.period), "number": letter.account_number}
        subject = _("Начислено за %(month)s, лицевой счёт %(number)s") % words
    attachments = bill_attached(letter.bill, supplier_id, account_id) if letter.bill else []
    send(
        to=to.email,
        language=to.language,
        subject=subject,
        template="letters/month_charged",
        context={
            "letter": letter,
            "has_paper": bool(attachments),
            "link": public_url(*page) if letter.bill else public_url("cabinet:account", supplier_id, account_id),
        },
        attachments=attachments,
        fact_id=fact_id,
    )


def bill_attached(bill: Bill, supplier_id: int, account_id: int) -> list[Attachment]:
    """Give a bill to be attached; nothing when it cannot be made."""
    return papers(
        f"Счёт {bill.account_number} за {bill.period}.pdf",
        partial(bill_format.render, bill),
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        now=bill.made_at,
    )
