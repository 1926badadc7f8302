"""Logs as lines of JSON for machines; they carry ids and never an e-mail, a number of an account or a token."""

import json
import logging
import re
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import structlog

#: A part of an address that is a token: long, and no UUID, which is an id and no secret.
_TOKEN = re.compile(r"(?<=/)(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[\w:-]{20,}")
_QUERY = re.compile(r"(/\S*)\?\S*")


def mask_addresses(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep tokens and query strings out of the log: whoever reads it must not be able to use them."""
    for key in ("request", "event"):
        if isinstance(text := event.get(key), str):
            event[key] = _TOKEN.sub("…", _QUERY.sub(r"\1?…", text))
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    mask_addresses,
]

structlog.configure(
    processors=[
        *_SHARED,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def formatter() -> logging.Formatter:
    """Make the formatter of the one handler; used by ``settings.LOGGING``."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=partial(json.dumps, ensure_ascii=False, default=str)),
        ],
        foreign_pre_chain=_SHARED,
    )
