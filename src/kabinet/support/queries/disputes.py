"""«Не согласен»: the charges that a question is about, as they were when it was asked."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kabinet.accounts import queries as accounts
from kabinet.charges import queries as charges
from kabinet.charges.queries import ChargedFacts, Explanation
from kabinet.common.errors import NotFound
from kabinet.common.money import ZERO
from kabinet.common.month import Month
from kabinet.people.models import User
from kabinet.support.models import Question

#: A question about the same charges is not asked anew for so long: support answers within it.
OPEN_FOR = dt.timedelta(days=30)


@dataclass(frozen=True)
class DisputedLine:
    """A line of charges with its computation, in the reader's language."""

    service_name: str
    kind_name: str
    amount_rub: Decimal
    rule_source: str
    charged_on: dt.date
    first_day: dt.date | None
    last_day: dt.date | None
    explanation: Explanation


@dataclass(frozen=True)
class Dispute:
    """What a question is about: a whole month, or one line of it."""

    supplier_id: int
    account_id: int
    period: Month
    charge_id: int | None
    facts: tuple[ChargedFacts, ...]

    @property
    def is_whole_month(self) -> bool:
        return self.charge_id is None

    @property
    def amount_rub(self) -> Decimal:
        return sum((facts.amount_rub for facts in self.facts), ZERO)

    @property
    def lines(self) -> list[DisputedLine]:
        return [_line(facts) for facts in self.facts]

    def as_attachment(self) -> dict[str, Any]:
        """Give what is stored with the question."""
        return {"lines": [facts.as_snapshot() for facts in self.facts]}


def disputed(
    supplier_id: int, account_id: int, period: Month, *, charge_id: int | None = None, visible_to: User
) -> Dispute:
    """Give the charges of a month, or one of its lines, as they are now.

    Raises NotFound for a stranger, and for a month or a line that is not charged; FullAccessRequired.
    """
    accounts.account_card(supplier_id, account_id, visible_to=visible_to, level=accounts.FULL)
    facts = charges.charged_facts(supplier_id, account_id, period, charge_id=charge_id)
    if not facts:
        raise NotFound
    return Dispute(supplier_id, account_id, period, charge_id, tuple(facts))


def open_dispute(dispute: Dispute, *, author: User, now: dt.datetime) -> Question | None:
    """Give the question that its author has asked lately about the same line, or about the same whole month."""
    asked = Question.objects.filter(
        user=author,
        supplier_id=dispute.supplier_id,
        account_id=dispute.account_id,
        about_period=dispute.period,
        about_charge_id=dispute.charge_id,
        asked_at__gt=now - OPEN_FOR,
    )
    return asked.order_by("-asked_at").first()


def dispute_kept(question: Question) -> Dispute | None:
    """Read what was attached to a question; None for one that is about no charges."""
    attachment, period = question.attachment, question.about_period
    if attachment is None or period is None or question.supplier_id is None or question.account_id is None:
        return None
    return Dispute(
        supplier_id=question.supplier_id,
        account_id=question.account_id,
        period=period,
        charge_id=question.about_charge_id,
        facts=tuple(ChargedFacts.from_snapshot(kept) for kept in attachment["lines"]),
    )


def _line(facts: ChargedFacts) -> DisputedLine:
    return DisputedLine(
        service_name=facts.service_name,
        kind_name=facts.kind_name,
        amount_rub=facts.amount_rub,
        rule_source=facts.rule_source,
        charged_on=facts.charged_on,
        first_day=facts.first_day,
        last_day=facts.last_day,
        explanation=charges.explain(facts),
    )
