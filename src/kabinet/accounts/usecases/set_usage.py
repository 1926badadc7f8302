"""Set usage: what the gas of an account goes on, and by which region's norms it is counted."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.accounts import operations
from kabinet.accounts.models import Account
from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.suppliers import queries as suppliers


class UsageUnknown(Refusal):
    code = "usage-unknown"
    field = "usage_purpose_code"
    message = _("Такого направления у поставщика нет. Выберите одно из списка.")


@usecase
def set_usage(
    *,
    supplier_id: int,
    account_id: int,
    usage_purpose_code: str,
    region_code: str,
    actor: User | None,
    now: dt.datetime,
) -> Account:
    """Write the direction of use and the region that prices and norms of an account are found by.

    Neither is kept by days: months that are computed from now on go by them, and so do corrections of earlier ones.
    The same again writes nothing.

    usage_purpose_code  one that the supplier has named; "": none, only prices and norms for every direction fit
    region_code         as norms name it; "": norms without a region

    Raises UsageUnknown, AccountIsClosed; NotFound and NotAllowed for whoever lacks the right.
    """
    operations.check_keeper(actor, supplier_id)
    account = operations.lock_account(supplier_id, account_id)
    operations.require_not_closed(account)
    if usage_purpose_code and usage_purpose_code not in dict(suppliers.usage_purposes(supplier_id)):
        raise UsageUnknown
    before = (account.usage_purpose_code, account.region_code)
    if before == (usage_purpose_code, region_code):
        return account
    account.usage_purpose_code, account.region_code = usage_purpose_code, region_code
    account.save(update_fields=["usage_purpose_code", "region_code"])
    audit.note(
        action="account.usage_set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"account:{account_id}",
        details={"usage": [before[0], usage_purpose_code], "region": [before[1], region_code]},
    )
    return account
