"""Letters about what waits for a second person: to those of the supplier's staff who may decide it, and did not ask."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from kabinet.charges import queries as charges
from kabinet.common.words import month_words
from kabinet.letters.operations import RETRY, public_url, send
from kabinet.people.models import User
from kabinet.people.queries.staff import staff_with_right
from kabinet.people.rules import rights
from kabinet.registers import queries as registers
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.queries.proposals import terms_proposal

#: What a letter says to one person: its subject and what stands in its template; None: it is not theirs to decide.
Said = tuple[str, dict[str, Any]] | None


@app.task(name="letters.send_register_to_decide", queue="letters", retry=RETRY)
def send_register_to_decide(*, supplier_id: int, register_id: int, fact_id: str) -> None:
    """Ask for a look at a register that changes money, or that is to be undone."""

    def say(person: User) -> Said:
        report = registers.register_report(supplier_id, register_id)
        register = report.register
        asked_by_id = register.recalled_by_id if register.is_undo_asked else register.uploaded_by_id
        if not (register.is_checked or register.is_undo_asked) or asked_by_id == person.pk:
            return None
        return _("Реестр № %(number)s ждёт Вашего решения") % {"number": register.number}, {
            "register": register,
            "kind": capfirst(register.kind_name),
            "totals": report.totals,
            "is_beyond_limits": bool(report.broken_limits),
            "link": public_url("office:register", supplier_id, register_id),
        }

    _ask(rights.APPLY_REGISTERS, supplier_id, "letters/register_to_decide", say, fact_id)


@app.task(name="letters.send_document_to_decide", queue="letters", retry=RETRY)
def send_document_to_decide(*, supplier_id: int, proposal_id: int, fact_id: str) -> None:
    """Ask for a look at a document that lowers what an account owes."""

    def say(person: User) -> Said:
        proposal = charges.proposal_for_staff(supplier_id, proposal_id, visible_to=person)
        if not proposal.can_be_decided:
            return None
        return _("Документ по счёту %(number)s ждёт Вашего решения") % {"number": proposal.account_number}, {
            "proposal": proposal,
            "kind": capfirst(proposal.kind_name),
            "link": public_url("office:proposal", supplier_id, proposal_id),
        }

    _ask(rights.APPROVE_ADJUSTMENTS, supplier_id, "letters/document_to_decide", say, fact_id)


@app.task(name="letters.send_terms_to_decide", queue="letters", retry=RETRY)
def send_terms_to_decide(*, supplier_id: int, proposal_id: int, fact_id: str) -> None:
    """Ask for a look at prices, norms or benefits."""

    def say(person: User) -> Said:
        proposal = terms_proposal(supplier_id, proposal_id, visible_to=person)
        if not proposal.can_be_decided:
            return None
        return _("Цены и нормативы ждут Вашего решения"), {
            "proposal": proposal,
            "kind": capfirst(proposal.subject_name),
            "supplier": suppliers.supplier_card(supplier_id),
            "valid_from": proposal.values.get("valid_from"),
            "link": public_url("office:tariff_proposal", supplier_id, proposal_id),
        }

    _ask(rights.APPROVE_TARIFFS, supplier_id, "letters/terms_to_decide", say, fact_id)


@app.task(name="letters.send_run_to_decide", queue="letters", retry=RETRY)
def send_run_to_decide(*, supplier_id: int, run_id: int, fact_id: str) -> None:
    """Ask for a look at a month that is computed."""

    def say(person: User) -> Said:
        report = charges.run_report(supplier_id, run_id)
        run = report.run
        if not run.is_ready or run.asked_by_id == person.pk:
            return None
        month = {"month": month_words(run.for_period or run.period)}
        subject = _("Перерасчёт за %(month)s ждёт Вас") if run.for_period else _("Начисление за %(month)s ждёт Вас")
        return subject % month, {
            "report": report,
            "supplier": suppliers.supplier_card(supplier_id),
            "oddities_count": sum(oddity.count for oddity in report.oddities),
            "link": public_url("office:accrual", supplier_id, run_id),
        }

    _ask(rights.RELEASE_ACCRUAL, supplier_id, "letters/run_to_decide", say, fact_id)


def _ask(right: str, supplier_id: int, template: str, say: Callable[[User], Said], fact_id: str) -> None:
    """Write to everybody who may decide, to each in their language, as things stand when it is written."""
    for person in staff_with_right(right, supplier_id):
        with translation.override(person.language):
            said = say(person)
        if said:
            subject, context = said
            send(
                to=person.email,
                language=person.language,
                subject=subject,
                template=template,
                context=context,
                fact_id=fact_id,
            )
