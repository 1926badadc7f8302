"""Which suppliers have prices and norms already, many at once."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from kabinet.suppliers.models import Supplier
from kabinet.tariffs.models import Norm, Tariff, TermsProposal


@dataclass(frozen=True)
class TermsThere:
    """Suppliers that have any price and any norm; of the others, those for whom one waits for a second person."""

    prices: frozenset[int]
    norms: frozenset[int]
    prices_wait: frozenset[int]
    norms_wait: frozenset[int]


def terms_there(supplier_ids: Collection[int]) -> TermsThere:
    """Tell by one query which of these suppliers have terms, whatever days they are for."""
    own = {"supplier_id": OuterRef("pk")}
    waiting = TermsProposal.objects.filter(**own, state=TermsProposal.State.WAITING)
    kind = TermsProposal.Kind
    rows = Supplier.objects.filter(pk__in=supplier_ids).annotate(
        prices=Exists(Tariff.objects.filter(**own)),
        norms=Exists(Norm.objects.filter(**own)),
        prices_wait=Exists(waiting.filter(kind__in=[kind.PRICE, kind.ORDER])),
        norms_wait=Exists(waiting.filter(kind=kind.NORM)),
    )
    found = list(rows)
    return TermsThere(
        prices=frozenset(row.pk for row in found if row.prices),
        norms=frozenset(row.pk for row in found if row.norms),
        prices_wait=frozenset(row.pk for row in found if row.prices_wait),
        norms_wait=frozenset(row.pk for row in found if row.norms_wait),
    )
