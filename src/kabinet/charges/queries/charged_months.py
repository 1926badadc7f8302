"""Which months of a supplier have been charged: what is set for their days afterwards changes no bill by itself."""

from django.db.models import Q

from kabinet.accounts.models import Account
from kabinet.charges.models import AccrualRun, Charge
from kabinet.common.month import Month

#: Months from before the first run here are known by the charges of some accounts: all of them have theirs.
ACCOUNTS_ASKED = 100

_KINDS_BY_RULES = (Charge.Kind.METERED, Charge.Kind.AVERAGE, Charge.Kind.NORM, Charge.Kind.FIXED)

#: A reading that corrects estimates charges its own month too; what makes an earlier month right charges only that one.
_BY_RULES = Q(kind__in=_KINDS_BY_RULES) | Q(kind=Charge.Kind.CORRECTION, for_period=None)


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


def was_charged_one_by_one(supplier_id: int, period: Month, *, account_id: int | None = None) -> bool:
    """Tell whether a month was charged by our rules without a run: of an account, or of any of the first ones."""
    rows = Charge.objects.filter(_BY_RULES, supplier_id=supplier_id, period=period)
    if account_id is not None:
        return rows.filter(account_id=account_id).exists()
    accounts = Account.objects.filter(supplier_id=supplier_id).order_by("id").values("id")[:ACCOUNTS_ASKED]
    return rows.filter(account_id__in=accounts).exists()


def was_imported(supplier_id: int, account_id: int, period: Month) -> bool:
    """Tell whether a month of an account came from the supplier's own program."""
    rows = Charge.objects.filter(supplier_id=supplier_id, account_id=account_id, period=period)
    return rows.filter(kind=Charge.Kind.IMPORTED).exists()
