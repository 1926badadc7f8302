"""What an account is charged for a month: the specification that every other way to compute it is held equal to."""

from collections.abc import Sequence

from kabinet.charges.rules.account_month import AccountMonth, Accrued, Line, Oddity, Terms
from kabinet.charges.rules.actual import drafts_of_reading
from kabinet.charges.rules.benefits import benefit_lines
from kabinet.charges.rules.drafts import Case, Draft, line_with_vat
from kabinet.charges.rules.estimates import NormDays, estimate_meter, norm_drafts
from kabinet.charges.rules.fees import fee_lines
from kabinet.charges.rules.metering import FactorMissing, metered, outages_of
from kabinet.charges.rules.norms import NormMissing
from kabinet.charges.rules.oddities import oddities_of
from kabinet.charges.rules.pricing import PriceMissing
from kabinet.charges.rules.resumed import read_after_all
from kabinet.charges.rules.steps import step_drafts
from kabinet.charges.rules.undue import undue_drafts, undue_fees
from kabinet.charges.rules.vat import with_vat, with_vat_said
from kabinet.meters.rules import Meter, Outage

NO_TARIFF, NO_NORM, NO_FACTOR = "no_tariff", "no_norm", "no_factor"

#: Oddities of an account of which nothing is charged for consumption.
NOTHING_CHARGED = frozenset({NO_TARIFF, NO_NORM, NO_FACTOR})


def accrue(account: AccountMonth, terms: Terms) -> Accrued:
    """Compute the lines of an account's month, and what a person should look at.

    What estimates charged for days that turned out to be none goes back first. Then come readings that are not charged,
    each as metered or as a correction; the days that none tells of, by the mean or by the norm; what moves between
    yearly steps; benefits; fees. What `account.charged` holds is not charged again, so computing a month a second time
    gives only what has come since. Where a price, a norm or a factor is missing nothing of consumption is charged, and
    the oddity says for which day.

    Source: supply rules of 21.07.2008 No. 549, 21–32; docs/adr/0110 to 0114, 0123, 0150 and 0152.
    """
    account = with_vat_said(account, terms.vat_rates)
    fees = fee_lines(account)
    fixed = [*(with_vat(fee, terms.vat_rates) for fee in fees), *undue_fees(account)]
    try:
        drafts = _consumption(account, terms)
    except PriceMissing as error:
        return Accrued(tuple(fixed), (Oddity(NO_TARIFF, {"day": str(error.day)}),))
    except NormMissing as error:
        return Accrued(tuple(fixed), (Oddity(NO_NORM, {"day": str(error.day), "missing": error.missing}),))
    except FactorMissing as error:
        return Accrued(tuple(fixed), (Oddity(NO_FACTOR, {"day": str(error.day)}),))
    used = [line_with_vat(draft, terms.vat_rates) for draft in drafts]
    lines = [*used, *benefit_lines(account, drafts, fees), *fixed]
    return Accrued(tuple(lines), tuple(oddities_of(account, terms, drafts, lines)))


def accrue_readings(account: AccountMonth, terms: Terms) -> list[Line]:
    """Compute what `accrue` charges for the readings that are not charged yet, whatever else the month will have.

    With them come the benefits of their lines, and what goes back of estimates for days that turned out to be none:
    the days of a new meter may have been charged by the mean of the old one. Without a reading there is nothing.

    Raises PriceMissing, FactorMissing. Source: docs/adr/0045.
    """
    account = with_vat_said(account, terms.vat_rates)
    case = Case.of(account, terms)
    undue = undue_drafts(case)
    case = case.after(undue)
    read = [draft for meter in _in_order(account) for draft in _read(case, meter, outages_of(meter))]
    if not read:
        return []
    drafts = [*undue, *read]
    drafts += step_drafts(case.after(read))
    return [*(draft.line for draft in drafts), *benefit_lines(account, drafts, ())]


def _consumption(account: AccountMonth, terms: Terms) -> list[Draft]:
    case = Case.of(account, terms)
    undue = undue_drafts(case)
    case = case.after(undue)
    drafts: list[Draft] = []
    norm_days: list[NormDays] = []
    for meter in _in_order(account):
        outages = outages_of(meter)
        drafts += _read(case, meter, outages)
        estimated, left = estimate_meter(case, meter, outages)
        drafts += estimated
        norm_days += left
    read, norm_days = read_after_all(case, norm_days)
    drafts += [*read, *norm_drafts(case, norm_days)]
    return [*undue, *drafts, *step_drafts(case.after(drafts))]


def _in_order(account: AccountMonth) -> list[Meter]:
    return sorted(account.meters, key=lambda meter: meter.id)


def _read(case: Case, meter: Meter, outages: Sequence[Outage]) -> list[Draft]:
    """Charge the readings of a meter that stand in no charge."""
    return [
        draft
        for scale in sorted(meter.scales, key=lambda scale: (scale.zone, scale.id))
        for item in metered(scale, outages)
        if item.reading.id not in case.account.charged_reading_ids
        for draft in drafts_of_reading(case, meter, scale, item, outages)
    ]
