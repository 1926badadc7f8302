"""Send a letter: the one frame that all letters share."""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formataddr
from html import escape
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template import Context, Engine
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from typst import TypstError

from kabinet.audit import operations as audit
from kabinet.audit.queries import is_noted
from kabinet.common import fault_points
from kabinet.outbox.patience import Doubling

log = structlog.get_logger(__name__)

#: A letter is tried for about two days: after 30 s, a minute, two, and so on up to four hours.
RETRY = Doubling(first_s=30, longest_s=4 * 3600, most=20)
#: A paper that cannot be made is noted once, however many people and attempts its letter takes.
NOTED_ONCE_IN = dt.timedelta(days=3)

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Attachment:
    filename: str
    content: bytes
    media_type: str


def papers(
    filename: str, typeset: Callable[[], bytes], *, supplier_id: int, subject: str, now: dt.datetime
) -> list[Attachment]:
    """Typeset a PDF to attach; nothing when that fails: the letter goes without it, and operators see it.

    What people are to know stands in the letter itself, and must not wait for a paper that will never be made.
    subject  ``kind:id`` of what the paper is about, for the trail
    """
    try:
        content = typeset()
    except TypstError:
        log.exception("paper_not_made", supplier_id=supplier_id, subject=subject)
        failed: dict[str, Any] = {
            "action": "paper.failed",
            "actor": None,
            "supplier_id": supplier_id,
            "subject": subject,
        }
        if not is_noted(**failed, since=now - NOTED_ONCE_IN):
            with transaction.atomic():
                audit.note(**failed, now=now)
        return []
    return [Attachment(filename, content, "application/pdf")]


def public_url(route: str, *args: Any) -> str:
    """Give the full address of a page, at the public address of the settings and never at what a request said."""
    return settings.PUBLIC_URL + reverse(route, args=args)


def local_time(moment: dt.datetime) -> str:
    """Say a moment as a letter does, where the installation is: ``22.11.2026 12:00 (MSK)``."""
    return moment.astimezone(ZoneInfo(settings.INSTALLATION_TIME_ZONE)).strftime("%d.%m.%Y %H:%M (%Z)")


def send(
    *,
    to: str,
    subject: Any,
    template: str,
    context: dict[str, Any],
    fact_id: str,
    language: str = "ru",
    attachments: Sequence[Attachment] = (),
    reply_to: str = "",
) -> None:
    """Send one letter, as text and as simple HTML made from that text.

    subject   may be lazy: it is said in the letter's language; line breaks become spaces
    template  ``letters/confirmation`` stands for ``letters/confirmation.txt``: paragraphs between empty lines; one that
              ends with a line that is only an address becomes a button, whose words are the lines before
    fact_id   of the fact that the letter follows from: the Message-ID is made of it, so a repeat is the same letter

    Raises what the mail server raises: the task that calls this tries again.
    """
    with translation.override(language):
        context = {
            "brand": translation.gettext(settings.BRAND),
            "support_email": settings.SUPPORT_EMAIL,
            "home": settings.PUBLIC_URL,
            "can_be_answered": bool(reply_to),
            **context,
        }
        body, footer = _plain(f"{template}.txt", context), _plain("letters/footer.txt", context)
        title = " ".join(str(subject).split())
        page = get_template("letters/frame.html").render(
            {**context, "title": title, "language": language, "body": as_html(body), "footer": as_html(footer)}
        )
        letter = EmailMultiAlternatives(
            subject=title,
            body=f"{body}\n\n--\n{footer}\n",
            from_email=formataddr((context["brand"], settings.DEFAULT_FROM_EMAIL)),
            to=[to],
            reply_to=[reply_to] if reply_to else None,
            headers={"Message-ID": _message_id(fact_id, template, to), "Auto-Submitted": "auto-generated"},
        )
        letter.attach_alternative(page, "text/html")
        for attachment in attachments:
            letter.attach(attachment.filename, attachment.content, attachment.media_type)
        letter.send()
        fault_points.reach("mailed")


def _plain(name: str, context: dict[str, Any]) -> str:
    """Render a template of text: a name stays as it is written, escaping is for the HTML part alone."""
    return Engine.get_default().get_template(name).render(Context(context, autoescape=False)).strip()


def _message_id(fact_id: str, template: str, to: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'{fact_id}/{template}/{to}')}@{host}>"


def as_html(text: str) -> SafeString:
    """Turn a letter's text into paragraphs; everything in it is text, whatever a name may contain."""
    return mark_safe("".join(_paragraph(block) for block in re.split(r"\n\s*\n", text) if block.strip()))  # noqa: S308


def _paragraph(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines()]
    if _ADDRESS.fullmatch(lines[-1]):
        words = " ".join(lines[:-1]).rstrip(":") or lines[-1]
        return f'<p><a class="button" href="{escape(lines[-1])}">{escape(words)}</a></p>'
    return "<p>" + "<br>".join(_with_links(line) for line in lines) + "</p>"


def _with_links(line: str) -> str:
    parts, end = [], 0
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(".,;)")
        parts += [escape(line[end : match.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        end = match.start() + len(address)
    return "".join([*parts, escape(line[end:])])
