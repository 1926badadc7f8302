"""Compute what accounts are to be charged for a month, as drafts of a run."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

import structlog
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kabinet.charges import queries, rules
from kabinet.charges.models import AccrualBatch, AccrualRun, DraftCharge, Oddity
from kabinet.charges.queries.terms import MonthTerms
from kabinet.charges.sql import statement
from kabinet.common.db import copy_rows, transaction_required
from kabinet.common.errors import NotFound, Refusal
from kabinet.meters import queries as meters
from kabinet.outbox.patience import DATABASE_AWAY
from kabinet.tariffs.rules import priced_days

log = structlog.get_logger(__name__)

#: So many accounts are held in memory at once where the rules count them one by one.
ACCOUNTS_AT_ONCE = 500

_COLUMNS = (
    "supplier_id",
    "run_id",
    "account_id",
    "service_id",
    "period",
    "line_no",
    "kind",
    "volume_m3",
    "price_rub_per_m3",
    "amount_rub",
    "formula",
    "inputs",
    "rule_source",
    "meter_id",
    "scale_id",
    "reading_id",
    "used_since",
    "used_until",
    "for_period",
)


class NotInRun(Refusal):
    code = "accrual-account-not-in-run"
    field = "number"
    message = _("Этот лицевой счёт появился после расчёта, и в начислении его нет. Пересчитайте начисление целиком.")


class TermsChanged(Refusal):
    code = "accrual-terms-changed"
    message = _("После расчёта изменились цены, нормативы или льготы. Пересчитайте начисление и проверьте его ещё раз.")


@transaction_required
def draft_batch(run: AccrualRun, batch: AccrualBatch, *, now: dt.datetime) -> None:
    """Compute the accounts of a batch, what their lines come to, and by what they were computed."""
    first, last = batch.first_account_id, batch.last_account_id
    batch.accounts_count, batch.terms_digest = _draft(run, first, last)
    batch.summary = queries.draft_totals(run, first, last)
    batch.computed_at = now
    batch.save(update_fields=["accounts_count", "summary", "terms_digest", "computed_at"])


@transaction_required
def draft_account(run: AccrualRun, account_id: int) -> None:
    """Compute one account anew, and what its batch comes to with it.

    Raises NotFound, NotInRun, and TermsChanged where the others of its batch were computed by something else.
    """
    if not queries.accounts_between(run.supplier_id, account_id, account_id):
        raise NotFound
    batch = (
        AccrualBatch.objects.select_for_update(of=("self",))
        .filter(supplier_id=run.supplier_id, run=run, first_account_id__lte=account_id, last_account_id__gte=account_id)
        .first()
    )
    if batch is None:
        raise NotInRun
    _count, terms_digest = _draft(run, account_id, account_id)
    if terms_digest != batch.terms_digest:
        raise TermsChanged
    batch.summary = queries.draft_totals(run, batch.first_account_id, batch.last_account_id)
    batch.save(update_fields=["summary"])


def _draft(run: AccrualRun, first_account_id: int, last_account_id: int) -> tuple[int, str]:
    """Compute the accounts from one id to another; give how many they are, and the digest of what they go by.

    The digest is "" when that changed meanwhile: some may have been computed by the one and some by the other.
    """
    month = queries.terms_of_run(run)
    terms_digest = queries.terms_digest(month)
    draft = draft_regular if run.kind == AccrualRun.Kind.REGULAR else draft_correction
    account_ids = queries.accounts_between(run.supplier_id, first_account_id, last_account_id)
    _draft_who_can_be(draft, run, month, account_ids)
    return len(account_ids), terms_digest if queries.terms_digest(month) == terms_digest else ""


def _draft_who_can_be(
    draft: Callable[[AccrualRun, MonthTerms, int, int], None],
    run: AccrualRun,
    month: MonthTerms,
    account_ids: Sequence[int],
) -> None:
    """Compute accounts; one that raises is left out, and an oddity names it: a run never stops at a single account."""
    if not account_ids:
        return
    first, last = account_ids[0], account_ids[-1]
    try:
        with transaction.atomic():
            draft(run, month, first, last)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        if first == last:
            log.exception("account_not_computed", supplier_id=run.supplier_id, run_id=run.id, account_id=first)
            forget_drafts(run, first, last)
            failed = rules.Oddity(Oddity.Kind.FAILED, {"error": type(error).__name__})
            store_drafts(run, {first: rules.Accrued((), (failed,))})
            return
        middle = len(account_ids) // 2
        for half in (account_ids[:middle], account_ids[middle:]):
            _draft_who_can_be(draft, run, month, half)


@transaction_required
def draft_regular(run: AccrualRun, month: MonthTerms, first_account_id: int, last_account_id: int) -> None:
    """Compute a month for the accounts from one id to another: drafts and oddities anew, whatever was there before."""
    forget_drafts(run, first_account_id, last_account_id)
    draft_plain(run, month, first_account_id, last_account_id)
    others = queries.accounts_without_drafts(run, first_account_id, last_account_id)
    for start in range(0, len(others), ACCOUNTS_AT_ONCE):
        store_drafts(run, queries.accrued_of(month, others[start : start + ACCOUNTS_AT_ONCE]))
    account_ids = queries.accounts_between(run.supplier_id, first_account_id, last_account_id)
    store_drafts(run, queries.penalties_of(month, account_ids))


@transaction_required
def draft_correction(run: AccrualRun, month: MonthTerms, first_account_id: int, last_account_id: int) -> None:
    """Compute what a charged month should have been, for the accounts from one id to another."""
    forget_drafts(run, first_account_id, last_account_id)
    account_ids = queries.accounts_between(run.supplier_id, first_account_id, last_account_id)
    for start in range(0, len(account_ids), ACCOUNTS_AT_ONCE):
        some = account_ids[start : start + ACCOUNTS_AT_ONCE]
        store_drafts(run, queries.corrections_of(month, some, reason=run.reason))


@transaction_required
def forget_drafts(run: AccrualRun, first_account_id: int, last_account_id: int) -> None:
    """Delete what a run has computed for the accounts from one id to another."""
    of_accounts = Q(account_id__gte=first_account_id, account_id__lte=last_account_id)
    DraftCharge.objects.filter(of_accounts, supplier_id=run.supplier_id, run=run).delete()
    Oddity.objects.filter(of_accounts, supplier_id=run.supplier_id, run=run).delete()


@transaction_required
def store_drafts(run: AccrualRun, accrued: Mapping[int, rules.Accrued]) -> None:
    """Keep what the rules say of accounts. Lines of one service of an account come all at once: they are numbered."""
    lines = [(account_id, line) for account_id, of_account in accrued.items() for line in of_account.lines]
    copy_rows("charges_draftcharge", _COLUMNS, _rows(run, lines))
    Oddity.objects.bulk_create(
        Oddity(supplier_id=run.supplier_id, run=run, account_id=account_id, kind=oddity.kind, details=oddity.details)
        for account_id, of_account in accrued.items()
        for oddity in of_account.oddities
    )


def _rows(run: AccrualRun, lines: Iterable[tuple[int, rules.Line]]) -> Iterable[Sequence[object]]:
    numbers: dict[tuple[int, int], count[int]] = {}
    for account_id, line in lines:
        number = numbers.setdefault((account_id, line.service_id), count(1))
        yield (
            run.supplier_id,
            run.id,
            account_id,
            line.service_id,
            run.period.first_day,
            next(number),
            line.kind,
            line.volume_m3,
            line.price_rub_per_m3,
            line.amount_rub,
            line.formula,
            json.dumps(line.inputs, ensure_ascii=False),
            line.rule_source,
            line.meter_id,
            line.scale_id,
            line.reading_id,
            line.used_since,
            line.used_until,
            line.for_period and line.for_period.first_day,
        )


def draft_plain(run: AccrualRun, month: MonthTerms, first_account_id: int, last_account_id: int) -> None:
    """Charge by one statement the accounts of which nothing is to be known but their readings."""
    since, until = month.period.first_day, month.period.next().first_day
    keys = queries.purposes_and_zones(run.supplier_id, first_account_id, last_account_id)
    prices = [row for purpose, zone in keys for row in plain_prices(month, purpose, zone)]
    vat_rates = [
        (rate.valid_from, rate.valid_until or dt.date.max, rate.rate_percent) for rate in month.terms.vat_rates
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            statement("plain_lines"),
            _columns(prices, ("purposes", "zones", "since_days", "until_days", "prices", "sources"))
            | _columns(vat_rates, ("vat_since_days", "vat_until_days", "vat_percents"))
            | {
                "supplier_id": run.supplier_id,
                "run_id": run.id,
                "first": first_account_id,
                "last": last_account_id,
                "service_id": month.main_service_id,
                "since": since,
                "until": until,
                "history_since": month.known_since.first_day,
                "usual_since": meters.known_since(until),
                "splits_by_days": month.terms.policy.price_split == rules.BY_DAYS,
                "odd_ratio": month.terms.policy.odd_ratio,
                "shortest": rules.SHORTEST_COMPARED,
                "metered_rule": rules.METERED_RULE,
            },
        )


def _columns(rows: Sequence[Sequence[object]], names: Sequence[str]) -> dict[str, list[object]]:
    """Turn rows into arrays by name, as a statement unnests them."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def plain_prices(month: MonthTerms, purpose: str, zone: str) -> list[tuple[object, ...]]:
    """Give the prices that a plain account takes, by days without a gap up to the end of the month.

    They are cut where prices contain VAT by another rate. Days before a gap, and those on which prices go by yearly
    steps, are left out with all that came before them.
    """
    since, until = month.known_since.first_day, month.period.next().first_day
    found: list[tuple[object, ...]] = []
    parts = priced_days(month.terms.prices, usage_purpose_code=purpose, zone=zone, since=since, until=until)
    expected = until
    vat_changes = rules.vat_changes(month.terms.vat_rates)
    cut = [(days, part.steps) for part in parts for days in rules.Span(part.since, part.until).cut(vat_changes)]
    for days, steps in reversed(cut):
        if days.until != expected or len(steps) > 1:
            break
        expected = days.since
        price = steps[0][1]
        following = found[-1] if found else None
        is_same = following and following[4:] == (price.price_rub_per_m3, price.source)
        if following and is_same and days.until not in vat_changes:
            found[-1] = (purpose, zone, days.since, *following[3:])
        else:
            found.append((purpose, zone, days.since, days.until, price.price_rub_per_m3, price.source))
    return found
