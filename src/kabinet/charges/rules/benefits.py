"""Benefits: lines below zero for what somebody else pays, each a share of a line's cost or a fixed sum a month."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kabinet.charges.rules.account_month import AccountMonth, ChargedLine, Line
from kabinet.charges.rules.consumption import CORRECTION, METERED, MOVED
from kabinet.charges.rules.drafts import STEP, Draft, Share, share_of, step_of, with_charged
from kabinet.charges.rules.fees import FIXED
from kabinet.charges.rules.spans import ONE_DAY, Span, merged, month_span, to_litres
from kabinet.charges.rules.words import number, rub, signed
from kabinet.common.money import ZERO, round_to_kopeck
from kabinet.common.month import Month
from kabinet.tariffs.rules import AccountBenefit

BENEFIT = "benefit"
HUNDRED = Decimal(100)

#: Lines of readings: they tell of each of their days, while an estimate is for its month alone.
READ = (METERED, CORRECTION)

#: What every line of a benefit keeps of its grant. The first two name it.
GRANT_FACTS = ("benefit", "benefit_since", "benefit_until", "name", "funded_by")

#: What it keeps of a line that corrects another: the month that it is about, and that it moved between yearly steps.
OF_CORRECTION = ("month", MOVED)


def benefit_lines(account: AccountMonth, drafts: Sequence[Draft], fees: Sequence[Line]) -> list[Line]:
    """Give the account's benefits of what is charged: shares first, then fixed sums, never more than the charge.

    A benefit holds for its own days: a line takes part with the volume of those of its days, the limit with as many
    days of all that is charged. Where a line corrects others, its benefit is the difference to what they had; what
    moves from one yearly step to another takes along the benefit that it had, at its new price.

    Source: the act of each benefit; docs/adr/0114 and 0204.
    """
    of_main = [grant for grant in account.benefits if grant.service_id == account.main_service_id]
    shares = sorted((grant for grant in of_main if grant.monthly_rub is None), key=_by_code)
    used = [draft for draft in drafts if not _is_move(draft)]
    left_rub = [draft.due_rub for draft in used]
    lines = [line for grant in shares for line in _shares(account, grant, used, left_rub)]
    moves = [draft for draft in drafts if _is_move(draft)]
    account_then = with_charged(account, [*(draft.line for draft in used), *lines])
    for away, there in zip(moves[::2], moves[1::2], strict=True):
        moved = [line for grant in shares for line in _moved_shares(account_then, grant, away, there)]
        account_then = with_charged(account_then, [away.line, there.line, *moved])
        lines += moved
    for grant in sorted((grant for grant in account.benefits if grant not in shares), key=_by_kind_and_code):
        if grant.service_id != account.main_service_id:
            lines += _of_fees(account, grant, [fee for fee in fees if fee.service_id == grant.service_id], lines)
        elif drafts:
            lines += _fixed(account, grant, drafts, lines)
    return lines


def _by_code(grant: AccountBenefit) -> tuple[str, dt.date]:
    return grant.code, grant.valid_from


def _by_kind_and_code(grant: AccountBenefit) -> tuple[bool, str, dt.date]:
    return grant.monthly_rub is not None, grant.code, grant.valid_from


def _is_move(draft: Draft) -> bool:
    """Tell a line that moves a volume between yearly steps: two of them follow each other, away and there."""
    return MOVED in draft.line.inputs and "to_above_m3" in draft.line.inputs


@dataclass(frozen=True)
class Limit:
    """The volume that a share is given for: so much a month, for so many months and heads, by the benefit's days.

    volume_m3  what it comes to, less what was given before; None where the benefit has no limit
    """

    volume_m3: Decimal | None
    inputs: dict[str, Any]

    def factor(self, eligible_m3: Decimal) -> Decimal:
        """Give the part of an eligible volume that is inside the limit."""
        if self.volume_m3 is None or eligible_m3 <= self.volume_m3:
            return Decimal(1)
        return self.volume_m3 / eligible_m3


def _shares(
    account: AccountMonth, grant: AccountBenefit, drafts: Sequence[Draft], left_rub: list[Decimal]
) -> list[Line]:
    """Give a share of each line's cost, within the limit; every line takes the same part of a limit that is short."""
    given = _given(account, grant, drafts)
    eligible_m3 = [draft.due_m3 * _days_of(grant, draft.spans) / draft.days if draft.days else ZERO for draft in drafts]
    limit = _limit(account, grant, drafts, given)
    factor = limit.factor(sum(eligible_m3, Decimal(0)))
    lines: list[Line] = []
    running_m3 = Decimal(0)
    for index, draft in enumerate(drafts):
        before_m3, running_m3 = running_m3, running_m3 + eligible_m3[index] * factor
        base_m3 = to_litres(running_m3) - to_litres(before_m3)
        price = draft.line.price_rub_per_m3 or Decimal(0)
        due_rub = round_to_kopeck(base_m3 * price * (grant.share_percent or Decimal(0)) / HUNDRED)
        due_rub = min(due_rub, left_rub[index])
        left_rub[index] -= due_rub
        if base_m3 or given[index]:
            lines.append(_share_line(grant, draft, base_m3, due_rub, given[index], limit))
    return lines


def _moved_shares(account: AccountMonth, grant: AccountBenefit, away: Draft, there: Draft) -> list[Line]:
    """Move the part of a benefit that was given for a volume which moves from one yearly step to another.

    Its own volume stays what it was, so it neither uses up the limit of a month nor leaves any.
    """
    [given] = _given(account, grant, [away])
    given_m3 = sum((share.volume_m3 for share in given), Decimal(0))
    given_rub = -sum((share.amount_rub for share in given), ZERO)
    charged_m3 = sum((share.volume_m3 for share in away.replaced), Decimal(0))
    price_rub, now_rub = away.line.price_rub_per_m3, there.line.price_rub_per_m3
    if not given or not charged_m3 or not price_rub or not now_rub:
        return []
    part = there.due_m3 / charged_m3
    moved_m3, moved_rub = to_litres(given_m3 * part), round_to_kopeck(given_rub * part)
    unlimited = Limit(None, {})
    return [
        _share_line(grant, away, given_m3 - moved_m3, given_rub - moved_rub, given, unlimited),
        _share_line(grant, there, moved_m3, round_to_kopeck(moved_rub * now_rub / price_rub), (), unlimited),
    ]


def _share_line(
    grant: AccountBenefit, draft: Draft, base_m3: Decimal, due_rub: Decimal, given: Sequence[Share], limit: Limit
) -> Line:
    line = draft.line
    given_m3 = sum((share.volume_m3 for share in given), Decimal(0))
    given_rub = -sum((share.amount_rub for share in given), ZERO)
    price, share = line.price_rub_per_m3 or Decimal(0), grant.share_percent or Decimal(0)
    kept = (STEP, *OF_CORRECTION) if line.kind == CORRECTION else (STEP,)
    of_line = {name: line.inputs[name] for name in kept if name in line.inputs}
    reading = line.inputs.get("reading", line.inputs)
    of_line |= {"kept": reading["kept"]} if "kept" in reading else {}
    formula = f"{number(base_m3)} м³ × {number(price)} ₽/м³ × {number(share)} % = {rub(due_rub)} ₽"
    if given:
        formula += f"; {rub(given_rub)} ₽ − {rub(due_rub)} ₽ = {rub(given_rub - due_rub)} ₽"
    return Line(
        service_id=line.service_id,
        kind=BENEFIT,
        amount_rub=given_rub - due_rub,
        volume_m3=base_m3 - given_m3,
        price_rub_per_m3=line.price_rub_per_m3,
        formula=formula,
        inputs=_facts(grant)
        | limit.inputs
        | of_line
        | {
            "share_percent": number(share),
            "of_kind": line.kind,
            "line_since": line.inputs.get("line_since", str(line.used_since)),
            "line_until": str(line.used_until),
            "due_m3": signed(draft.due_m3),
            "days": str(_days_of(grant, draft.spans)),
            "of_days": str(draft.days),
            "base_m3": number(base_m3),
            "price": number(price),
            "due_rub": rub(due_rub),
            "given_m3": number(given_m3),
            "given_rub": rub(given_rub),
        },
        rule_source=grant.source,
        meter_id=line.meter_id,
        scale_id=line.scale_id,
        used_since=line.used_since,
        used_until=line.used_until,
        for_period=line.for_period,
    )


def _limit(
    account: AccountMonth, grant: AccountBenefit, drafts: Sequence[Draft], given: Sequence[Sequence[Share]]
) -> Limit:
    """Count the limit of the months that are charged: this one, those that are corrected, and those that waited."""
    if grant.limit_m3 is None:
        return Limit(None, {})
    periods = _periods(account, drafts)
    months = sum(periods.values(), Decimal(0))
    days = merged(span for draft in drafts for span in draft.spans)
    of_days = sum(span.days for span in days)
    heads_days = sum(
        part.days * (_heads_on(account, part) if grant.is_limit_per_head else 1)
        for span in days
        for inside in [span.common(grant.valid_from, grant.valid_until)]
        if inside.days
        for part in inside.cut(day for row in account.residences for day in (row.days.since, row.days.until))
    )
    used_m3 = sum((line.volume_m3 for line in _charged(account, grant, periods)), Decimal(0))
    used_m3 -= sum((share.volume_m3 for shares in given for share in shares), Decimal(0))
    whole_m3 = grant.limit_m3 * months * heads_days / of_days if of_days else Decimal(0)
    volume_m3 = max(to_litres(whole_m3) - used_m3, Decimal(0))
    inputs = {
        "limit_m3": number(volume_m3),
        "monthly_limit_m3": number(grant.limit_m3),
        "is_limit_per_head": grant.is_limit_per_head,
        "months": number(round(months, 3)),
        "heads_days": str(heads_days),
        "limit_of_days": str(of_days),
        "used_m3": number(used_m3),
    }
    return Limit(volume_m3, inputs)


def _fixed(
    account: AccountMonth, grant: AccountBenefit, drafts: Sequence[Draft], benefits: Sequence[Line]
) -> list[Line]:
    """Give a fixed sum for each month that is charged, by days of the benefit, never more than those months come to."""
    periods = _periods(account, drafts)
    monthly_rub = grant.monthly_rub or ZERO
    months = [month_span(period) for period in sorted(periods)]
    whole_rub = round_to_kopeck(
        sum((monthly_rub * _days_of(grant, [month]) / month.days for month in months), Decimal(0))
    )
    earlier = _charged(account, grant, periods)
    charged_rub = sum((draft.line.amount_rub for draft in drafts), ZERO)
    charged_rub += sum((line.amount_rub for line in benefits if line.service_id == grant.service_id), ZERO)
    charged_rub += sum(
        (
            line.amount_rub
            for line in account.charged
            if month_of(line) in periods and line.service_id == grant.service_id and line not in earlier
        ),
        ZERO,
    )
    given_rub = -sum((line.amount_rub for line in earlier), ZERO)
    due_rub = max(min(whole_rub, charged_rub), ZERO)
    if due_rub == given_rub:
        return []
    inputs = _facts(grant) | {
        "monthly_rub": rub(monthly_rub),
        "months": [
            {"month": str(Month.of(month.since)), "days": str(_days_of(grant, [month])), "of_days": str(month.days)}
            for month in months
        ],
        "whole_rub": rub(whole_rub),
        "charged_rub": rub(charged_rub),
        "due_rub": rub(due_rub),
        "given_rub": rub(given_rub),
    }
    formula = f"{rub(due_rub)} ₽" if not given_rub else f"{rub(given_rub)} ₽ − {rub(due_rub)} ₽"
    return [
        Line(
            service_id=grant.service_id,
            kind=BENEFIT,
            amount_rub=given_rub - due_rub,
            formula=formula,
            inputs=inputs,
            rule_source=grant.source,
            used_since=months[-1].since,
            used_until=months[-1].until,
        )
    ]


def _of_fees(
    account: AccountMonth, grant: AccountBenefit, fees: Sequence[Line], benefits: Sequence[Line]
) -> list[Line]:
    """Give a benefit of a service with a fixed fee, by its days of the month, of what other benefits leave of it."""
    month = month_span(account.period)
    fee_rub = sum((fee.amount_rub for fee in fees), ZERO)
    left_rub = fee_rub + sum((line.amount_rub for line in benefits if line.service_id == grant.service_id), ZERO)
    share = grant.share_percent or Decimal(0)
    whole_rub = fee_rub * share / HUNDRED if grant.monthly_rub is None else grant.monthly_rub
    due_rub = min(round_to_kopeck(whole_rub * _days_of(grant, [month]) / month.days), left_rub)
    if not due_rub:
        return []
    inputs = _facts(grant) | {
        "fee_rub": rub(fee_rub),
        "share_percent": number(share),
        "monthly_rub": rub(grant.monthly_rub or ZERO),
        "days": str(_days_of(grant, [month])),
        "of_days": str(month.days),
        "due_rub": rub(due_rub),
    }
    if left_rub < fee_rub:
        inputs["charged_rub"] = rub(left_rub)
    return [
        Line(
            service_id=grant.service_id,
            kind=BENEFIT,
            amount_rub=-due_rub,
            formula=f"{rub(due_rub)} ₽",
            inputs=inputs,
            rule_source=grant.source,
            used_since=month.since,
            used_until=month.until,
        )
    ]


def _facts(grant: AccountBenefit) -> dict[str, Any]:
    return {
        "benefit": grant.code,
        "name": grant.name,
        "benefit_since": str(grant.valid_from),
        "benefit_until": str(grant.valid_until) if grant.valid_until else "",
        "funded_by": grant.funded_by,
    }


def month_of(line: ChargedLine) -> Month:
    """Give the month that a charged line is about: that of what it takes back or makes right, else its own."""
    return (
        Month.parse(line.inputs["month"])
        if line.kind in (CORRECTION, BENEFIT) and "month" in line.inputs
        else line.period
    )


def grant_of(line: Line | ChargedLine) -> tuple[str, str] | None:
    """Name what a line of a benefit is given by: the benefit's code and its first day; None for other lines."""
    return (line.inputs.get("benefit", ""), line.inputs.get("benefit_since", "")) if line.kind == BENEFIT else None


def _given(account: AccountMonth, grant: AccountBenefit, drafts: Sequence[Draft]) -> list[list[Share]]:
    """Give what the lines that each draft corrects had of a benefit, on the same days."""
    given: list[list[Share]] = [[] for _ in drafts]
    for line in account.charged:
        if _is_of(line, grant):
            for index in _corrected_by(drafts, line):
                if share := share_of(line, drafts[index].spans):
                    given[index].append(share)
    return given


def _corrected_by(drafts: Sequence[Draft], line: ChargedLine) -> Iterator[int]:
    """Say which drafts correct a line of a benefit: those that correct what it was given for.

    What made a charged month right is for all prices of its days together: so it falls to the first draft of the days.
    """
    if "month" not in line.inputs:
        yield from (
            index
            for index, draft in enumerate(drafts)
            if any(_key(replaced.line) == _key(line) for replaced in draft.replaced)
        )
        return
    seen: set[tuple[Span, ...]] = set()
    for index, draft in enumerate(drafts):
        if draft.spans not in seen and any(_place(replaced.line) == _place(line) for replaced in draft.replaced):
            seen.add(draft.spans)
            yield index


def _place(line: ChargedLine) -> tuple[object, ...]:
    return month_of(line), line.meter_id, line.scale_id, step_of(line)


def _key(line: ChargedLine) -> tuple[object, ...]:
    days = line.used_since, line.used_until
    return line.period, line.meter_id, line.scale_id, step_of(line), *days, line.price_rub_per_m3


def _is_of(line: ChargedLine, grant: AccountBenefit) -> bool:
    """Tell whether a line is of a grant: one benefit may be granted again, after a while or without a break."""
    return grant_of(line) == (grant.code, str(grant.valid_from))


def _charged(account: AccountMonth, grant: AccountBenefit, periods: Iterable[Month]) -> list[ChargedLine]:
    return [line for line in account.charged if _is_of(line, grant) and month_of(line) in periods]


def _periods(account: AccountMonth, drafts: Sequence[Draft]) -> dict[Month, Decimal]:
    """Give the months that are charged, and how much of a limit each has: this one, those corrected, those that waited.

    A month in which only an opening reading was taken waits for the next one. That reading brings the benefit of the
    month with it, the limit by the days on which the account was open.
    """
    periods = {account.period} | {month_of(share.line) for draft in drafts for share in draft.replaced}
    waited = {month: _open_days(account, month) for month in _waited(account, drafts, periods)}
    return dict.fromkeys(periods, Decimal(1)) | {
        month: Decimal(days) / month_span(month).days for month, days in waited.items()
    }


def _waited(account: AccountMonth, drafts: Sequence[Draft], periods: Collection[Month]) -> set[Month]:
    """Give the months before these in which nothing was charged, and of which readings charged in these tell.

    They tell of such a month from its beginning, or from that of the account: days at the end of a month of which we
    know nothing else belong to the month after it, as somebody else has charged those before them.
    """
    opened_in = account.opened_on and Month.of(account.opened_on)
    own = [
        line
        for line in account.charged
        if line.service_id == account.main_service_id and line.kind not in (BENEFIT, FIXED)
    ]
    charged = {month_of(line) for line in own}
    told = [span for draft in drafts if draft.line.kind in READ for span in draft.spans] + [
        Span(line.used_since, line.used_until)
        for line in own
        if line.kind in READ and month_of(line) in periods and line.used_since and line.used_until
    ]
    return {
        month
        for days in merged(told)
        for part in days.by_month()
        for month in [Month.of(part.since)]
        if month not in charged and month not in periods
        if part.since <= month.first_day + ONE_DAY or month == opened_in
    }


def _open_days(account: AccountMonth, month: Month) -> int:
    return month_span(month).common(account.opened_on or month.first_day, account.closed_on).days


def _days_of(grant: AccountBenefit, spans: Sequence[Span]) -> int:
    return sum(span.common(grant.valid_from, grant.valid_until).days for span in spans)


def _heads_on(account: AccountMonth, span: Span) -> int:
    return next((row.residents_count or 0 for row in account.residences if span.since in row.days), 0)
