"""What the payment symbol of a bill says."""

from kabinet.bills import rules
from kabinet.bills.formats.bill.content import Bill
from kabinet.common.money import ZERO


def symbol_fields(bill: Bill) -> dict[str, str]:
    """Give the fields of the symbol of a bill, but for the payee's name; none when there is no settlement account.

    The symbol names no person: the account's number is enough, and the sheet may be left lying on a counter. A past
    month carries no sum, for it may have been paid since.
    """
    settlement = next((details for details in bill.requisites if not details.is_agent), None)
    if settlement is None:
        return {}
    shown = next((line.current_dial for line in bill.lines if line.current_dial), "")
    return {
        "PersonalAcc": settlement.account_number,
        "BankName": rules.cut(settlement.bank_name, rules.LENGTH_LIMITS["BankName"]),
        "BIC": settlement.bic,
        "CorrespAcc": settlement.correspondent_account,
        "PayeeINN": bill.payee.inn,
        "KPP": bill.payee.kpp,
        "PersAcc": bill.account_number,
        "Sum": rules.symbol_sum(bill.total_rub or ZERO) if bill.is_latest else "",
        "PaymPeriod": rules.symbol_period(bill.period),
        "CounterVal": shown,
        "TechCode": "02",
        "Purpose": rules.cut(
            f"Оплата за {bill.period.month:02}.{bill.period.year}, лицевой счет {bill.account_number}",
            rules.LENGTH_LIMITS["Purpose"],
        ),
    }


def symbol_payload(bill: Bill) -> bytes | None:
    """Write the symbol of a bill; where the payee's full name leaves no room, its short name stands in its place.

    None when there is no account to pay to, or when neither name can be written: the bill is valid without a symbol.
    """
    fields = symbol_fields(bill)
    for name in (bill.payee.full_name, rules.cut(bill.payee.name, rules.LENGTH_LIMITS["Name"])):
        try:
            return rules.payment_symbol({**fields, "Name": name})
        except rules.SymbolImpossible:
            continue
    return None
