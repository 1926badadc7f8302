"""The two dialects: how each writes the fields of a call, and how each calls us. What is said is the same in both."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from kabinet.payments.gateways import Callback, registers
from kabinet.payments.gateways.sberbank import bodies, callbacks

# Where the hosted page of the real service lives. A gateway under another address serves its page itself.
HOSTED_PAGES = {"ecommerce.sberbank.ru": ("https://ecommerce.sberbank.ru", "https://payecom.ru")}


@dataclass(frozen=True)
class SberbankDialect:
    """One way of speaking.

    write         what is sent, from the fields of a call, credentials among them
    content_type  how that is declared
    """

    content_type: str
    write: Callable[[Mapping[str, Any]], bytes]
    read_call: Callable[..., Callback]

    tells_of_receipts = False
    payment_body = staticmethod(bodies.payment_body)
    refund_body = staticmethod(bodies.refund_body)
    receipt_body = staticmethod(bodies.receipt_body)
    read_register = staticmethod(registers.read_register)

    def read_callback(self, *, method: str, content_type: str, query: str, body: bytes, callback_key: str) -> Callback:
        """Read what a call names. Raises ValueError for what is no call at all, BadSignature."""
        return self.read_call(
            method=method, content_type=content_type, query=query, body=body, callback_key=callback_key
        )

    def hosted_page_origins(self, api_url: str) -> tuple[str, ...]:
        """Tell where a form that starts a payment may end up."""
        address = urlsplit(api_url)
        return HOSTED_PAGES.get(address.hostname or "", (f"{address.scheme}://{address.netloc}",))


def _form(fields: Mapping[str, Any]) -> bytes:
    """Write a form; objects in it are JSON."""
    return urlencode(
        {name: _json(value).decode() if isinstance(value, dict) else value for name, value in fields.items()}
    ).encode()


def _json(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


OLDER = SberbankDialect(content_type="application/x-www-form-urlencoded", write=_form, read_call=callbacks.read_older)
NEWER = SberbankDialect(content_type="application/json", write=_json, read_call=callbacks.read_newer)
