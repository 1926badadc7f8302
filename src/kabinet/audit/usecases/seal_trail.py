"""Seal the audit trail: chain the entries that came since the last seal."""

import datetime as dt

from kabinet.audit import queries
from kabinet.audit.models import Entry, Seal
from kabinet.audit.rules import chained_sha256
from kabinet.common.db import usecase


@usecase
def seal_trail(*, now: dt.datetime) -> Seal | None:
    """Chain all entries older than an hour (none of them can still be in an open transaction); None if there are none.

    It ends before the first entry that is younger, whatever stands behind it: an act that took long has the moment at
    which it began, and beside it, with lower ids, there may be entries that nobody can see yet.

    Source: ASVS 5.0, 16.4.2 (logs are protected from change).
    """
    previous = Seal.objects.order_by("-last_entry_id").first()
    after_id = previous.last_entry_id if previous else 0
    since_then = Entry.objects.filter(id__gt=after_id)
    young = since_then.filter(at__gte=now - dt.timedelta(hours=1)).order_by("id").values_list("id", flat=True).first()
    old = since_then if young is None else since_then.filter(id__lt=young)
    settled = old.order_by("-id").first()
    if settled is None:
        return None

    # Read twice, not kept: a portal that was without its worker for a month has millions.
    entries = queries.entries_between(after_id, settled.id)
    return Seal.objects.create(
        last_entry_id=settled.id,
        entries=Entry.objects.filter(id__gt=after_id, id__lte=settled.id).count(),
        sha256=chained_sha256(previous.sha256 if previous else "", entries),
        sealed_at=now,
    )
