"""What was changed of single accounts and is not in a run: it came to be known after the run had begun to compute."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from kabinet.audit.models import Entry
from kabinet.charges.models import AccrualRun
from kabinet.charges.queries.runs import RunRow
from kabinet.meters.models import Meter

#: What is done to one account and changes what a month of it comes to. Readings that come later wait for the next one.
ACTS = (
    "account.absence_noted",
    "account.absence_withdrawn",
    "account.closed",
    "account.norm_units_set",
    "account.residents_set",
    "account.usage_set",
    "benefit.ended",
    "benefit.granted",
    "meter.installed",
    "meter.removed",
    "meter.replaced",
    "meter.verified",
    "monthly_fee.ended",
    "monthly_fee.set",
    "outage.ended",
    "outage.noted",
)
#: No request lasts longer: so long before a run an act may have been asked for that is committed after its beginning.
LONGEST_REQUEST = dt.timedelta(hours=1)


def known_acts(supplier_id: int, now: dt.datetime, *, account_id: int | None = None) -> list[int]:
    """Name the entries of acts on a supplier's accounts that whatever is computed from now on takes into account.

    Those of the last hour, or of one account since then: what is older is known in any case.
    """
    acts = _acts(supplier_id, since=now - LONGEST_REQUEST)
    return [entry_id for entry_id, (of_account, _) in acts.items() if account_id in (None, of_account)]


def changed_accounts(run: AccrualRun | RunRow) -> set[int]:
    """Name the accounts of which something was changed that a run does not know, for days before its month ended.

    It is told by what was committed when the run began (`AccrualRun.known_acts`), and not by moments: an act that was
    asked for before may have come later. Source: docs/adr/0199.
    """
    until = (run.for_period or run.period).next().first_day
    known = set(AccrualRun.objects.values_list("known_acts", flat=True).get(supplier_id=run.supplier_id, id=run.id))
    acts = _acts(run.supplier_id, since=run.asked_at - LONGEST_REQUEST)
    return {
        account_id
        for entry_id, (account_id, first_day) in acts.items()
        if entry_id not in known and (first_day is None or first_day < until)
    }


def _acts(supplier_id: int, *, since: dt.datetime) -> dict[int, tuple[int, dt.date | None]]:
    """Give acts on accounts since a moment: by entry, the account and the first day that is spoken of."""
    rows = Entry.objects.filter(supplier_id=supplier_id, at__gte=since, action__in=ACTS).order_by("id")
    entries = list(rows.values_list("id", "subject", "details"))
    meter_ids = [
        int(number) for _, subject, _ in entries for kind, _, number in [subject.partition(":")] if kind == "meter"
    ]
    meters = Meter.objects.filter(supplier_id=supplier_id, id__in=meter_ids)
    account_of = dict(meters.values_list("id", "account_id"))
    found = {}
    for entry_id, subject, details in entries:
        kind, _, number = subject.partition(":")
        account_id = details.get("account_id")
        if kind == "account":
            account_id = int(number)
        elif kind == "meter":
            account_id = account_of.get(int(number))
        if account_id is not None:
            found[entry_id] = int(account_id), _first_day(details)
    return found


def _first_day(details: Mapping[str, Any]) -> dt.date | None:
    days = [value for value in details.values() if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)]
    return min((dt.date.fromisoformat(day) for day in days), default=None)
