"""Read notices and their audience. Others import the names from here."""

from kabinet.notices.queries.audience import Reach, next_accounts, reach
from kabinet.notices.queries.notices import (
    Banner,
    NoticeCard,
    NoticeLetterCard,
    banners,
    declines_letters,
    notice_by_request,
    notice_card,
    notice_letter,
    notices_for_staff,
)

__all__ = [
    "Banner",
    "NoticeCard",
    "NoticeLetterCard",
    "Reach",
    "banners",
    "declines_letters",
    "next_accounts",
    "notice_by_request",
    "notice_card",
    "notice_letter",
    "notices_for_staff",
    "reach",
]
