"""Set how far a register may be from the last one before a person has to say that it is right."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.registers.models import RegisterLimits


class LimitBelowZero(Refusal):
    code = "register-limit-below-zero"
    message = _("Пределы не бывают меньше нуля.")


@usecase
def set_register_limits(
    *,
    supplier_id: int,
    kind: str,
    sum_percent: Decimal,
    sum_rub: Decimal,
    count_percent: Decimal,
    lines_count: int,
    line_rub: Decimal,
    actor: User,
    now: dt.datetime,
) -> RegisterLimits:
    """Change the limits of a kind of registers; they hold for files that are read from now on.

    sum_rub, lines_count  a difference of no more than that is none, whatever its percent

    Raises LimitBelowZero; NotFound, and NotAllowed for whoever lacks the right.
    """
    check_right(actor, rights.APPLY_REGISTERS, supplier_id)
    if min(sum_percent, sum_rub, count_percent, line_rub) < 0 or lines_count < 0:
        raise LimitBelowZero
    said = {
        "sum_percent": sum_percent,
        "sum_rub": sum_rub,
        "count_percent": count_percent,
        "lines_count": lines_count,
        "line_rub": line_rub,
    }
    limits, _created = RegisterLimits.objects.update_or_create(
        supplier_id=supplier_id,
        kind=kind,
        defaults=said,
    )
    audit.note(
        action="register_limits.set",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"register_limits:{kind}",
        details={name: str(value) for name, value in said.items()},
    )
    return limits
