"""Notices as staff see them, as the cabinet shows them, and as their letter says them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kabinet.accounts.models import AccountAccess
from kabinet.common.errors import NotFound
from kabinet.common.ordering import ordering
from kabinet.notices.models import LettersDeclined, Notice, NoticeAccount
from kabinet.notices.rules import Audience
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right, suppliers_with_right
from kabinet.people.rules import rights

ONE_DAY = dt.timedelta(days=1)
#: What the list can be sorted by.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "written": ("written_at",),
    "subject": ("subject",),
    "supplier": ("supplier__name",),
    "letters": ("letters_count",),
}


@dataclass(frozen=True)
class NoticeCard:
    """A notice with all that is known of it. last_day: the last one on which the cabinet shows it."""

    supplier_id: int
    supplier_name: str
    zone: str
    id: int
    subject: str
    text: str
    audience: Audience
    has_letter: bool
    has_banner: bool
    shown_from: dt.date | None
    shown_until: dt.date | None
    is_mandatory: bool
    state: str
    state_label: str
    written_by: str
    written_at: dt.datetime
    sent_by: str
    sending_since: dt.datetime | None
    sent_at: dt.datetime | None
    accounts_count: int
    letters_count: int

    @property
    def last_day(self) -> dt.date | None:
        return self.shown_until and self.shown_until - ONE_DAY

    @property
    def is_draft(self) -> bool:
        return self.state == Notice.State.DRAFT

    @property
    def is_sending(self) -> bool:
        return self.state == Notice.State.SENDING

    @property
    def is_stopped(self) -> bool:
        return self.state == Notice.State.STOPPED

    @property
    def kind(self) -> str:
        """The colour of the badge of its state."""
        return {Notice.State.SENDING: "info", Notice.State.SENT: "ok", Notice.State.STOPPED: "warn"}.get(
            Notice.State(self.state), ""
        )


@dataclass(frozen=True)
class Banner:
    """A notice in the cabinet."""

    subject: str
    text: str
    is_mandatory: bool


@dataclass(frozen=True)
class NoticeLetterCard:
    """What the letter of a notice says. account_numbers: of the reader's accounts that it is for."""

    subject: str
    text: str
    supplier_name: str
    account_numbers: tuple[str, ...]
    is_mandatory: bool


def notices_for_staff(
    *,
    visible_to: User,
    supplier_id: int | None = None,
    state: str | None = None,
    order_by: str = "-written",
    limit: int,
    offset: int = 0,
) -> list[NoticeCard]:
    """Give the notices of the suppliers at which a member of staff sends them.

    order_by  a key of COLUMNS, with a minus for the greatest first
    """
    seen = suppliers_with_right(visible_to, rights.SEND_NOTICES)
    found = Notice.objects.all() if seen is None else Notice.objects.filter(supplier_id__in=seen)
    if supplier_id is not None:
        found = found.filter(supplier_id=supplier_id)
    if state is not None:
        found = found.filter(state=state)
    rows = found.select_related("supplier", "written_by", "sent_by").order_by(*ordering(order_by, COLUMNS))
    return [_card(row) for row in rows[offset : offset + limit]]


def notice_card(supplier_id: int, notice_id: int, *, visible_to: User) -> NoticeCard:
    """Give one of them. Raises NotFound, NotAllowed."""
    check_right(visible_to, rights.SEND_NOTICES, supplier_id)
    row = (
        Notice.objects.filter(supplier_id=supplier_id, id=notice_id)
        .select_related("supplier", "written_by", "sent_by")
        .first()
    )
    if row is None:
        raise NotFound
    return _card(row)


def notice_by_request(supplier_id: int, request_id: UUID) -> Notice | None:
    return Notice.objects.filter(supplier_id=supplier_id, request_id=request_id).first()


def banners(supplier_id: int, account_id: int, *, today: dt.date) -> list[Banner]:
    """Give what an account's page shows today, what must be known first, to whoever has the account. One query."""
    shown = Notice.objects.filter(
        supplier_id=supplier_id, has_banner=True, shown_from__lte=today, shown_until__gt=today
    ).filter(state__in=(Notice.State.SENDING, Notice.State.SENT))
    own = NoticeAccount.objects.filter(supplier_id=supplier_id, notice_id=OuterRef("id"), account_id=account_id)
    rows = shown.filter(Q(audience={}) | Exists(own)).order_by("-is_mandatory", "-sending_since", "-id")
    return [Banner(row.subject, row.text, row.is_mandatory) for row in rows]


def notice_letter(
    supplier_id: int, notice_id: int, user_id: int, *, is_sample: bool = False
) -> NoticeLetterCard | None:
    """Give the letter of a notice to somebody.

    None when it was stopped meanwhile, they want no such letters, or have none of its accounts any more.

    is_sample  whoever writes it wants to see it in their own mailbox
    """
    row = Notice.objects.filter(supplier_id=supplier_id, id=notice_id).select_related("supplier").first()
    if row is None:
        return None
    if not is_sample:
        may_go = row.state in (Notice.State.SENDING, Notice.State.SENT)
        if not may_go or (not row.is_mandatory and declines_letters(user_id)):
            return None
    held = AccountAccess.objects.filter(
        supplier_id=supplier_id, user_id=user_id, account__supplier_id=supplier_id, account__closed_on__isnull=True
    )
    if row.audience:
        own = NoticeAccount.objects.filter(supplier_id=supplier_id, notice=row, account_id=OuterRef("account_id"))
        held = held.filter(Exists(own))
    numbers = tuple(held.order_by("account__number").values_list("account__number", flat=True))
    if not numbers and not is_sample:
        return None
    return NoticeLetterCard(row.subject, row.text, row.supplier.name, numbers, row.is_mandatory)


def declines_letters(user_id: int) -> bool:
    """Tell whether somebody wants no letters of suppliers."""
    return LettersDeclined.objects.filter(user_id=user_id).exists()


def _card(row: Notice) -> NoticeCard:
    return NoticeCard(
        supplier_id=row.supplier_id,
        supplier_name=row.supplier.name,
        zone=row.supplier.time_zone,
        id=row.id,
        subject=row.subject,
        text=row.text,
        audience=Audience.from_json(row.audience),
        has_letter=row.has_letter,
        has_banner=row.has_banner,
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        is_mandatory=row.is_mandatory,
        state=row.state,
        state_label=str(row.get_state_display()),
        written_by=_name(row.written_by),
        written_at=row.written_at,
        sent_by=_name(row.sent_by),
        sending_since=row.sending_since,
        sent_at=row.sent_at,
        accounts_count=row.accounts_count,
        letters_count=row.letters_count,
    )


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.email) if user else ""
