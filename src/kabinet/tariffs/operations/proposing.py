"""Terms that wait for a second person: how they are kept, tried and set, and how they end."""

import base64
import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User
from kabinet.suppliers.models import Supplier
from kabinet.tariffs.models import TermsProposal
from kabinet.tariffs.operations.benefits import save_benefit
from kabinet.tariffs.operations.factors import set_factor
from kabinet.tariffs.operations.norms import set_norm
from kabinet.tariffs.operations.price_orders import PriceOrder, load_order
from kabinet.tariffs.operations.prices import set_price
from kabinet.tariffs.operations.terms import Change, service_of
from kabinet.tariffs.queries.proposals import WAITS, as_typed

Outcome = Change[Any] | PriceOrder


class TermsProposalIsOver(Refusal):
    code = "terms-proposal-over"
    message = gettext_lazy("Об этом уже решили: %(state)s.")


class OrderDoesNotFit(Refusal):
    code = "price-order-does-not-fit"
    field = "file"
    message = gettext_lazy("Строка %(number)s приказа не подходит: %(reason)s")


def as_kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """Write the arguments of terms as JSON keeps them, numbers, days and a file as text; `as_typed` reads them."""
    plain = {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in given.items()
    }
    kept: dict[str, Any] = json.loads(json.dumps(plain, cls=DjangoJSONEncoder))
    return kept


@transaction_required
def lock_proposal(supplier_id: int, proposal_id: int) -> TermsProposal:
    """Give a proposal; its supplier's terms are locked already. Raises NotFound."""
    proposal = TermsProposal.objects.filter(supplier_id=supplier_id, id=proposal_id).first()
    if proposal is None:
        raise NotFound
    return proposal


def check_waits(proposal: TermsProposal) -> None:
    """Raise TermsProposalIsOver for one that was decided."""
    if proposal.state != TermsProposal.State.WAITING:
        raise TermsProposalIsOver(state=proposal.get_state_display())


@transaction_required
def set_proposed(supplier: Supplier, proposal: TermsProposal, *, actor: User, now: dt.datetime) -> Outcome:
    """Set what was proposed. Raises what setting it raises, and OrderDoesNotFit for an order with such a line."""
    return _SETTERS[TermsProposal.Kind(proposal.kind)](supplier, actor=actor, now=now, **as_typed(proposal))


@transaction_required
def try_proposed(supplier: Supplier, proposal: TermsProposal, *, actor: User, now: dt.datetime) -> Outcome:
    """Set what was proposed and take it back: tells what it would do, and raises what it would raise."""
    with transaction.atomic():
        outcome = set_proposed(supplier, proposal, actor=actor, now=now)
        transaction.set_rollback(True)
    return outcome


def is_overdue(proposal: TermsProposal, *, now: dt.datetime) -> bool:
    """Tell whether nobody has decided in time."""
    return now >= proposal.asked_at + WAITS


@transaction_required
def end_proposal(
    proposal: TermsProposal, state: TermsProposal.State, *, actor: User | None, now: dt.datetime, note: str = ""
) -> None:
    """Keep how a proposal has ended. actor: None for one that has fallen away."""
    proposal.state, proposal.note = state, note
    proposal.decided_by, proposal.decided_at = actor, now
    proposal.save(update_fields=["state", "note", "decided_by", "decided_at"])
    note_proposal(proposal, state, actor=actor, now=now)


@transaction_required
def lapse(proposal: TermsProposal, *, why: str = "", now: dt.datetime) -> None:
    """Let a proposal fall away. why: as people read it; empty: nobody has decided in time."""
    note = why or _("Решения не было слишком долго.")
    end_proposal(proposal, TermsProposal.State.LAPSED, actor=None, now=now, note=note)


@transaction_required
def note_proposal(proposal: TermsProposal, act: str, *, actor: User | None, now: dt.datetime) -> None:
    """Write in the audit trail what became of a proposal."""
    audit.note(
        action=f"terms.{act}",
        actor=actor,
        now=now,
        supplier_id=proposal.supplier_id,
        subject=f"terms_proposal:{proposal.pk}",
        details={
            "kind": proposal.kind,
            "valid_from": str(proposal.values.get("valid_from", "")),
            "source": str(proposal.values.get("source", "")),
        },
    )


def _set_price(supplier: Supplier, *, service_id: int, **given: Any) -> Outcome:
    return set_price(supplier, service_of(supplier.pk, service_id), **given)


def _load_order(supplier: Supplier, *, file_name: str, **given: Any) -> Outcome:
    order = load_order(supplier, applies=True, **given)
    if order.refused:
        first = order.refused[0]
        raise OrderDoesNotFit(number=first.number, reason=first.reason)
    return order


_SETTERS: dict[TermsProposal.Kind, Callable[..., Outcome]] = {
    TermsProposal.Kind.PRICE: _set_price,
    TermsProposal.Kind.ORDER: _load_order,
    TermsProposal.Kind.NORM: set_norm,
    TermsProposal.Kind.FACTOR: set_factor,
    TermsProposal.Kind.BENEFIT: save_benefit,
}
