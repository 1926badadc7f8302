"""Delete cabinets whose link was not pressed in time, and what else is past its date at the door."""

import datetime as dt

from django.db.models import Q

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.people.models import DeviceCode, EmailChange, PasswordReset, Registration, SignInCounter, UsedAnswer

KEPT_AFTER_USE = dt.timedelta(days=30)


@usecase
def purge_unconfirmed(*, now: dt.datetime) -> int:
    """Delete registrations whose last day is over, with what they accepted; tell how many. Their addresses are free.

    Links, codes, counters and robot answers go as well once nothing can be asked of them.
    """
    expired = Registration.objects.filter(expires_at__lte=now)
    unconfirmed = list(expired.filter(confirmed_at=None).select_for_update().values_list("pk", flat=True))
    Registration.objects.filter(pk__in=unconfirmed).delete()
    if unconfirmed:
        audit.note(action="registrations.purged", actor=None, now=now, details={"registrations": unconfirmed[:1000]})

    long_ago = now - KEPT_AFTER_USE
    UsedAnswer.objects.filter(expires_at__lte=now).delete()
    DeviceCode.objects.filter(expires_at__lte=long_ago).delete()
    PasswordReset.objects.filter(expires_at__lte=long_ago).delete()
    EmailChange.objects.filter(Q(undo_until=None) | Q(undo_until__lte=long_ago), expires_at__lte=long_ago).delete()
    SignInCounter.objects.filter(wrong=0, window_started_at__lte=long_ago).delete()
    return len(unconfirmed)
