"""Check a certificate: somebody holds a paper and asks whether it is ours."""

import datetime as dt

from kabinet.bills import queries
from kabinet.bills.queries import CheckedCertificate
from kabinet.common.db import usecase
from kabinet.people.operations import counters


@usecase
def check_certificate(*, code: str, ip: str, now: dt.datetime) -> CheckedCertificate | None:
    """Give what a paper with this code says, or None when we never issued one. A wrong code is counted.

    code  as `formats.check_code.read` gives it
    ip    the visitor's address on the network; "" when unknown

    Raises TooManyCodes for a network from which too many wrong codes came.
    Source: docs/adr/0129.
    """
    counters.begin_code(ip=ip, now=now)
    found = queries.certificate_by_code(code)
    if found is not None:
        counters.forgive_code(ip=ip)
    return found
