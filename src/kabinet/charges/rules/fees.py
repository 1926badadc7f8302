"""What is charged each month whatever was used."""

from kabinet.charges.rules.account_month import AccountMonth, Line
from kabinet.charges.rules.words import rub
from kabinet.common.days import Days
from kabinet.tariffs.rules import holding_on

FIXED = "fixed"


def fee_lines(account: AccountMonth) -> list[Line]:
    """Charge the fees that hold on the first day of the month, on which the account has to be open, once each.

    Source: the contract of each fee; docs/adr/0114.
    """
    first_day = account.period.first_day
    if first_day not in Days(account.opened_on or first_day, account.closed_on):
        return []
    charged = {line.service_id for line in account.charged if line.kind == FIXED and line.period == account.period}
    return [
        Line(
            service_id=fee.service_id,
            kind=FIXED,
            amount_rub=fee.monthly_rub,
            formula=f"{rub(fee.monthly_rub)} ₽",
            inputs={"service": fee.service_name, "month": str(account.period), "monthly_rub": rub(fee.monthly_rub)},
            rule_source=fee.source,
            used_since=first_day,
            used_until=account.period.next().first_day,
        )
        for fee in sorted(holding_on(account.fees, first_day), key=lambda fee: (fee.service_id, fee.valid_from))
        if fee.service_id not in charged
    ]
