"""The mailbox of the demonstration: each letter is a file, and the files are the mailbox."""

import datetime as dt
import email
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage as OutgoingMessage

from kabinet.common.errors import NotFound

LISTED = 100


class MailboxBackend(BaseEmailBackend):
    """Put letters into a folder instead of sending them: one .eml file each, whole from the moment it has its name."""

    def send_messages(self, email_messages: Sequence[OutgoingMessage]) -> int:
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns()}-{secrets.token_hex(4)}"
            unfinished = folder / f"{name}.part"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.rename(folder / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class LetterRow:
    """A letter in the list."""

    name: str
    subject: str
    to: str
    sent_at: dt.datetime
    has_attachments: bool


@dataclass(frozen=True)
class AttachmentRow:
    """A file in a letter; position counts the letter's files from 0."""

    position: int
    filename: str
    size_kb: int


@dataclass(frozen=True)
class Letter:
    """A letter to read: its plain text only, whatever else it brings."""

    name: str
    subject: str
    sender: str
    to: str
    reply_to: str
    sent_at: dt.datetime
    text: str
    attachments: list[AttachmentRow]


@dataclass(frozen=True)
class AttachedFile:
    filename: str
    media_type: str
    content: bytes


def letters() -> list[LetterRow]:
    """Give the newest letters, newest first."""
    newest = sorted(_folder().glob("*.eml"), key=lambda path: path.name, reverse=True)[:LISTED]
    return [_row(path) for path in newest]


def letter(name: str) -> Letter:
    """Give one letter. Raises NotFound."""
    message = _read(_path(name))
    body = message.get_body(("plain",))
    return Letter(
        name=name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        reply_to=str(message["Reply-To"] or ""),
        sent_at=_sent_at(name),
        text=body.get_content().strip() if body else "",
        attachments=[
            AttachmentRow(position, part.get_filename("file"), max(1, len(part.get_content()) // 1024))
            for position, part in enumerate(message.iter_attachments())
        ],
    )


def attached_file(name: str, position: int) -> AttachedFile:
    """Give a file of a letter. Raises NotFound."""
    parts: list[Any] = list(_read(_path(name)).iter_attachments())
    if position >= len(parts):
        raise NotFound
    content = parts[position].get_content()
    return AttachedFile(
        filename=parts[position].get_filename("file"),
        media_type=parts[position].get_content_type(),
        content=content if isinstance(content, bytes) else str(content).encode(),
    )


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "mailbox"


def _path(name: str) -> Path:
    path = _folder() / f"{name}.eml"
    if not path.is_file():
        raise NotFound
    return path


def _read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=default)


def _row(path: Path) -> LetterRow:
    message = _read(path)
    return LetterRow(
        name=path.stem,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent_at=_sent_at(path.stem),
        has_attachments=any(True for _part in message.iter_attachments()),
    )


def _sent_at(name: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=dt.UTC)
