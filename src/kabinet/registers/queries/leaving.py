"""What has yet to leave to a supplier, and the lines of what leaves."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kabinet.accounts.models import Account, AccountAccess
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Reading
from kabinet.payments import rules
from kabinet.payments.models import Chargeback, Payment, Refund, SuspenseAllocation
from kabinet.registers.formats.out.lines import PaymentLine, ReadingLine
from kabinet.registers.models import SentDocument, ToldHolder

#: So many documents leave in one file; the rest in the next one.
MOST_IN_A_FILE = 500_000


@dataclass(frozen=True)
class Document:
    """Something that changed accounts and leaves once.

    public_id     of the payment that it belongs to
    operation_id  its own number: of the gateway for a payment
    """

    source_kind: str
    source_id: str
    kind_label: str
    public_id: UUID
    operation_id: str


@dataclass(frozen=True)
class Holding:
    """An account in somebody's cabinet, now or as the supplier was told.

    told_id  of the row that says what was told; None when nothing was
    level    the access now; empty: it is in that cabinet no longer
    """

    told_id: int | None
    account_id: int
    user_id: int
    account_number: str
    level: str
    told_level: str
    email: str
    phone: str
    told_contact_hash: str

    @property
    def contact_hash(self) -> str:
        """What the supplier may be told of the person, in a form that can only be compared."""
        if not (self.email or self.phone):
            return ""
        return salted_hmac("kabinet.registers.told", f"{self.email}|{self.phone}", algorithm="sha256").hexdigest()


def documents_to_send(supplier_id: int) -> list[Document]:
    """Give what changed accounts and has not left yet, payments before what went back of them."""
    others = SentDocument.objects.filter(supplier_id=supplier_id, released_at__isnull=True)
    others = others.exclude(source_kind__in=("payment", *_OF_READINGS))
    sent = set(others.values_list("source_kind", "source_id"))
    documents = [
        *_payments(supplier_id),
        *_allocations(supplier_id),
        *_refunds(supplier_id),
        *_chargebacks(supplier_id),
    ]
    return [document for document in documents if (document.source_kind, document.source_id) not in sent]


def payment_lines(supplier_id: int, documents: Iterable[Document]) -> list[PaymentLine]:
    """Give the lines of documents as the ledger has them: one for each service of each account."""
    by_kind: dict[str, dict[str, Document]] = {}
    for document in documents:
        by_kind.setdefault(document.source_kind, {})[document.source_id] = document
    return [
        PaymentLine(
            public_id=known[line.source_id].public_id,
            kind_label=known[line.source_id].kind_label,
            account_number=line.account_number,
            service_code=line.service_code,
            amount_rub=line.amount_rub,
            moved_on=line.occurred_on,
            operation_id=known[line.source_id].operation_id,
        )
        for source_kind, known in by_kind.items()
        for line in ledger.account_lines(supplier_id, source_kind, list(known))
    ]


#: As documents: a reading that counts, and the same that counts no longer after it was told of.
_OF_READINGS = ("reading", "reading_withdrawn")

READINGS_TO_SEND = """
    SELECT CASE reading.status WHEN 'accepted' THEN 'reading' ELSE 'reading_withdrawn' END AS source_kind,
           reading.id::text AS source_id
    FROM meters_reading AS reading
    LEFT JOIN registers_sentdocument AS told
      ON told.supplier_id = reading.supplier_id AND told.source_kind = 'reading' AND told.source_id = reading.id::text
     AND told.released_at IS NULL
    LEFT JOIN registers_sentdocument AS withdrawn
      ON withdrawn.supplier_id = reading.supplier_id AND withdrawn.source_kind = 'reading_withdrawn'
     AND withdrawn.source_id = reading.id::text AND withdrawn.released_at IS NULL
    WHERE reading.supplier_id = %(supplier_id)s
      AND reading.source <> 'import' AND (reading.source <> 'opening' OR reading.author_id IS NOT NULL)
      AND (%(since)s::timestamptz IS NULL OR reading.submitted_at >= %(since)s)
      AND CASE WHEN reading.status = 'accepted' THEN told.id IS NULL
               ELSE told.id IS NOT NULL AND withdrawn.id IS NULL END
    ORDER BY reading.id
    LIMIT %(most)s
"""


def readings_to_send_count(supplier_id: int, *, since: dt.datetime | None) -> int:
    """Count readings that the supplier has not been told of, and those that it has to forget."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({READINGS_TO_SEND}) AS waiting",  # noqa: S608  # a constant of ours
            {"supplier_id": supplier_id, "since": since, "most": MOST_IN_A_FILE},
        )
        return int(cursor.fetchone()[0])


def reading_lines(supplier_id: int, register_id: int, *, zone: dt.tzinfo) -> Iterator[ReadingLine]:
    """Give the readings of a register, in the order in which they were handed in. zone: whose clock says when."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            """
            SELECT reading.id, sent.source_kind = 'reading_withdrawn', account.number, meter.serial_number, scale.zone,
                   reading.value_m3, reading.taken_on, reading.source, reading.submitted_at
            FROM registers_sentdocument AS sent
            JOIN meters_reading AS reading
              ON reading.supplier_id = sent.supplier_id AND reading.id = sent.source_id::bigint
            JOIN accounts_account AS account
              ON account.supplier_id = reading.supplier_id AND account.id = reading.account_id
            JOIN meters_meter AS meter ON meter.supplier_id = reading.supplier_id AND meter.id = reading.meter_id
            JOIN meters_meterscale AS scale
              ON scale.supplier_id = reading.supplier_id AND scale.id = reading.scale_id
            WHERE sent.supplier_id = %s AND sent.register_id = %s
            ORDER BY sent.id
            """,
            [supplier_id, register_id],
        )
        while rows := cursor.fetchmany(5_000):
            for reading_id, is_withdrawn, number, serial_number, zone_code, value_m3, taken_on, source, at in rows:
                yield ReadingLine(
                    reading_id=reading_id,
                    is_withdrawn=is_withdrawn,
                    account_number=number,
                    serial_number=serial_number,
                    zone=zone_code,
                    value_m3=value_m3,
                    taken_on=taken_on,
                    source_label=str(Reading.Source(source).label),
                    submitted_at=at.astimezone(zone),
                )


def holdings_to_tell(supplier_id: int, *, since: dt.datetime | None) -> list[Holding]:
    """Give accounts in cabinets of which the supplier was told otherwise or nothing, and those that are gone."""
    found = [holding for holding in _holdings(supplier_id, since) if holding.level != holding.told_level]
    return found[:MOST_IN_A_FILE]


def contacts_to_tell(supplier_id: int) -> list[Holding]:
    """Give holders with full access whose e-mail or phone differs from what the supplier was told, and those gone."""
    found = [holding for holding in _holdings(supplier_id, None) if holding.contact_hash != holding.told_contact_hash]
    return found[:MOST_IN_A_FILE]


def _holdings(supplier_id: int, since: dt.datetime | None) -> Iterator[Holding]:
    """Give every account in every cabinet, and what was told of it. A contact is known for full access alone.

    since  those attached before it do not count, unless the supplier has been told of them
    """
    told = {
        (row.account_id, row.user_id): row for row in ToldHolder.objects.filter(supplier_id=supplier_id).order_by("id")
    }
    held = AccountAccess.objects.filter(supplier_id=supplier_id, account__supplier_id=supplier_id)
    for access in held.select_related("account", "user").order_by("id").iterator(chunk_size=5_000):
        known = told.pop((access.account_id, access.user_id), None)
        if known is None and since is not None and access.attached_at < since:
            continue
        is_told_all = access.is_full and access.user.is_active
        yield Holding(
            told_id=known.id if known else None,
            account_id=access.account_id,
            user_id=access.user_id,
            account_number=access.account.number,
            level=access.level,
            told_level=known.level if known else "",
            email=access.user.email if is_told_all else "",
            phone=access.user.phone if is_told_all else "",
            told_contact_hash=known.contact_hash if known else "",
        )
    numbers = dict(
        Account.objects.filter(supplier_id=supplier_id, id__in={account_id for account_id, _user_id in told})
        .order_by("id")
        .values_list("id", "number")
    )
    for (account_id, user_id), known in told.items():
        if account_id in numbers:
            yield Holding(
                known.id, account_id, user_id, numbers[account_id], "", known.level, "", "", known.contact_hash
            )


def _payments(supplier_id: int) -> list[Document]:
    """Give paid payments that are in no file. Their rows say which have arrived: years of them are not read again."""
    told = SentDocument.objects.filter(
        supplier_id=supplier_id,
        source_kind="payment",
        source_id=Cast(OuterRef("public_id"), CharField(max_length=64)),
        released_at__isnull=True,
    )
    paid = Payment.objects.filter(supplier_id=supplier_id, state=rules.PAID, sent_at__isnull=True)
    rows = paid.filter(~Exists(told))
    return [
        Document("payment", str(public_id), _("оплата"), public_id, gateway_payment_id)
        for public_id, gateway_payment_id in rows.order_by("paid_at", "id").values_list(
            "public_id", "gateway_payment_id"
        )[:MOST_IN_A_FILE]
    ]


def _allocations(supplier_id: int) -> list[Document]:
    """Money that a person took out of suspense: it is known by the number of that decision."""
    rows = SuspenseAllocation.objects.filter(
        supplier_id=supplier_id, suspended_sum__supplier_id=F("supplier_id")
    ).select_related("suspended_sum")
    return [
        Document(
            "suspense_allocation",
            str(row.id),
            _("оплата, из невыясненных"),
            row.request_id,
            row.suspended_sum.gateway_payment_id,
        )
        for row in rows.order_by("id")
    ]


def _refunds(supplier_id: int) -> list[Document]:
    rows = Refund.objects.filter(
        supplier_id=supplier_id, state=rules.REFUND_DONE, payment__supplier_id=F("supplier_id")
    ).select_related("payment")
    return [
        Document("refund", str(row.public_id), _("возврат"), row.payment.public_id, str(row.public_id))
        for row in rows.order_by("done_at", "id")
        if row.payment
    ]


def _chargebacks(supplier_id: int) -> list[Document]:
    rows = Chargeback.objects.filter(supplier_id=supplier_id, payment__supplier_id=F("supplier_id"))
    return [
        Document(
            "chargeback",
            str(row.id),
            _("отзыв банком"),
            row.payment.public_id,
            f"{row.payment.gateway_payment_id}/{row.id}",
        )
        for row in rows.select_related("payment").order_by("id")
    ]
