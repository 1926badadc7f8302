"""What an account has of its own: benefits and fees."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class AccountBenefit:
    """A benefit of an account on the days `[valid_from, valid_until)`, with the values of `tariffs.models.Benefit`.

    document  what proves that this account has it
    """

    valid_from: dt.date
    valid_until: dt.date | None
    benefit_id: int
    code: str
    name: str
    service_id: int
    share_percent: Decimal | None
    limit_m3: Decimal | None
    is_limit_per_head: bool
    monthly_rub: Decimal | None
    funded_by: str
    source: str
    document: str


@dataclass(frozen=True)
class AccountFee:
    """What a service costs an account each month; a month is charged whole when the fee holds on its first day."""

    valid_from: dt.date
    valid_until: dt.date | None
    service_id: int
    service_name: str
    monthly_rub: Decimal
    source: str
