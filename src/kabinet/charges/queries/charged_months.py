"""Which months of a supplier have been charged: what is set for their days afterwards changes no bill by itself."""

from kabinet.accounts.models import Account
from kabinet.charges.models import AccrualRun, Charge
from kabinet.common.month import Month

#: Months from before the first run here are known by the charges of some accounts: all of them have theirs.
ACCOUNTS_ASKED = 100


def charged_months(supplier_id: int, *, since: Month, until: Month) -> list[Month]:
    """Give the months of [since, until) that are charged, oldest first: by a run, or from before there were runs."""
    states = (AccrualRun.State.POSTING, AccrualRun.State.RELEASED)
    runs = AccrualRun.objects.filter(
        supplier_id=supplier_id, kind=AccrualRun.Kind.REGULAR, state__in=states, period__gte=since, period__lt=until
    )
    accounts = Account.objects.filter(supplier_id=supplier_id).order_by("id").values("id")[:ACCOUNTS_ASKED]
    by_hand = [Charge.Kind.ADJUSTMENT, Charge.Kind.OPENING]
    charges = Charge.objects.filter(
        supplier_id=supplier_id, account_id__in=accounts, period__gte=since, period__lt=until
    ).exclude(kind__in=by_hand)
    return sorted({*runs.values_list("period", flat=True), *charges.values_list("period", flat=True).distinct()})
