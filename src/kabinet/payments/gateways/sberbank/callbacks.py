"""What Sberbank calls us about. A call is a doorbell in both dialects: `status=1` says that an operation went well,
and not which sum is ours.
"""

import hashlib
import hmac
import json
from urllib.parse import parse_qsl

from kabinet.payments.gateways import BadSignature, Callback
from kabinet.payments.gateways.sberbank.answers import our_id

# Not part of what is signed.
SIGNATURE_FIELDS = frozenset({"checksum", "sign_alias"})
MOST_FIELDS = 100


def read_older(*, method: str, content_type: str, query: str, body: bytes, callback_key: str) -> Callback:
    """Read a call of the older dialect: parameters in the address, or a form.

    A shop with a key believes signed calls only. Raises ValueError for what is no call, BadSignature.
    """
    pairs = parse_qsl(
        query if method == "GET" else body.decode("utf-8"),
        keep_blank_values=True,
        errors="strict",
        max_num_fields=MOST_FIELDS,
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a parameter stands twice")
    if callback_key and not _is_signed(fields, callback_key):
        raise BadSignature
    return _callback(fields)


def read_newer(*, method: str, content_type: str, query: str, body: bytes, callback_key: str) -> Callback:
    """Read a call of the newer dialect: JSON. Its specification has no signature. Raises ValueError."""
    if method != "POST":
        raise ValueError("not a call of the bank")
    try:
        fields = json.loads(body)
    except RecursionError as error:
        raise ValueError("not a call of the bank") from error
    if not isinstance(fields, dict):
        raise ValueError("not a call of the bank")
    return _callback({name: value for name, value in fields.items() if isinstance(value, str)})


def checksum(fields: dict[str, str], key: str) -> str:
    """Give the checksum of a call: all parameters but the signature's own, by name, as «name;value;»."""
    text = "".join(f"{name};{fields[name]};" for name in sorted(fields.keys() - SIGNATURE_FIELDS))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


def _is_signed(fields: dict[str, str], key: str) -> bool:
    given = fields.get("checksum", "").upper()
    return hmac.compare_digest(checksum(fields, key).encode(), given.encode())


def _callback(fields: dict[str, str]) -> Callback:
    if not fields.get("mdOrder") or not fields.get("operation"):
        raise ValueError("not a call of the bank")
    return Callback(
        event=fields["operation"][:64],
        object_id=fields["mdOrder"][:64],
        public_id=our_id(fields.get("orderNumber")),
    )
