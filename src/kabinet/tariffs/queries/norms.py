"""Read norms and factors by date."""

import datetime as dt
from collections import defaultdict

from kabinet.tariffs import rules
from kabinet.tariffs.models import Norm, VolumeFactor
from kabinet.tariffs.queries.days import between


def norms_by_key(supplier_id: int, *, since: dt.date, until: dt.date) -> dict[tuple[str, str], tuple[rules.Norm, ...]]:
    """Give all norms that hold on days of [since, until), by (region, purpose), oldest first."""
    found = defaultdict(list)
    for row in Norm.objects.filter(between(since, until), supplier_id=supplier_id).order_by("valid_from", "id"):
        norm = rules.Norm(
            row.valid_from, row.valid_until, row.unit, row.unit_code, row.unit_name, tuple(row.monthly_m3), row.source
        )
        found[row.region_code, row.usage_purpose_code].append(norm)
    return {key: tuple(norms) for key, norms in found.items()}


def factors_by_region(supplier_id: int, *, since: dt.date, until: dt.date) -> dict[str, tuple[rules.VolumeFactor, ...]]:
    """Give all volume factors that hold on days of [since, until), by region, oldest first."""
    found = defaultdict(list)
    for row in VolumeFactor.objects.filter(between(since, until), supplier_id=supplier_id).order_by("valid_from"):
        found[row.region_code].append(rules.VolumeFactor(row.valid_from, row.valid_until, row.factor, row.source))
    return {region: tuple(factors) for region, factors in found.items()}
