"""Masking, proofs of ownership and limits of guessing: plain values in and out, no Django."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import itertools
import re
import unicodedata
from collections.abc import Collection, Iterable

from kabinet.common.money import parse_rub

# --- Limits (security: docs/adr/0033) ---------------------------------------------------------------------------------

COUNTED_FOR = dt.timedelta(days=1)
WRONG_TRIES_PER_CABINET = 10
WRONG_TRIES_PER_NETWORK = 30
WRONG_PROOFS_PER_NUMBER = 3
ACCOUNTS_PER_CABINET = 20

#: Numbers that lie this near to each other are neighbours; so many in a row are no slips of a finger.
_NEIGHBOURS_WITHIN = 3
NEIGHBOURS_THAT_LOCK = 5


def network_of(address: str) -> str:
    """Give what one visitor's counter is kept for: an IPv4 address whole, an IPv6 address by its /64; "" for none."""
    if not address:
        return ""
    ip = ipaddress.ip_address(address)
    if ip.version == 6:
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False).network_address)
    return str(ip)


def longest_run(numbers: Iterable[str], *, has_check_digit: bool) -> int:
    """Give how many of these account numbers follow one another closely: what counting through looks like.

    has_check_digit  the last digit says nothing, so neighbours are sought without it
    """
    significant = [number[:-1] if has_check_digit else number for number in numbers]
    values = sorted({int(digits) for number in significant if (digits := re.sub(r"\D", "", number))})
    longest = current = min(1, len(values))
    for lower, higher in itertools.pairwise(values):
        current = current + 1 if higher - lower <= _NEIGHBOURS_WITHIN else 1
        longest = max(longest, current)
    return longest


# --- Levels -----------------------------------------------------------------------------------------------------------


def level_without_proof(access_without_proof: str, *, asks_proof: bool, has_full_holder: bool) -> str:
    """Give the level that a number alone brings: "lite" or "full".

    Where a supplier has a proof to ask for, a second person gets full access by that proof or from a full holder only.
    Where there is none, the supplier said that the number is enough, for the first who comes and for the next alike:
    else a stranger who came first would shut the customer out (docs/adr/0032).
    """
    if access_without_proof == "full" and not (asks_proof and has_full_holder):
        return "full"
    return "lite"


# --- Proofs -----------------------------------------------------------------------------------------------------------

_SERIAL_SIGNS = 5


def canonical_proof(kind: str, typed: str) -> str:
    """Give a proof in the form in which it is compared.

    meter_serial  its last five letters and digits · last_charge  roubles with kopecks · surname  letters, ё as е
    Raises ValueError for what cannot be one: an empty value, a sum that is no sum.
    """
    canonical = _CANONICAL[kind](unicodedata.normalize("NFKC", typed))
    if not canonical:
        raise ValueError("nothing is left to compare")
    return canonical


def _canonical_serial(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isalnum()).upper()[-_SERIAL_SIGNS:]


def _canonical_sum(typed: str) -> str:
    return str(parse_rub(typed))


def _canonical_surname(typed: str) -> str:
    return "".join(sign for sign in typed.casefold() if sign.isalpha()).replace("ё", "е")


_CANONICAL = {"meter_serial": _canonical_serial, "last_charge": _canonical_sum, "surname": _canonical_surname}


def proof_hash(supplier_id: int, account_id: int, kind: str, canonical: str) -> str:
    """Hash a canonical proof for one account, so that the table of proofs is no list of answers (docs/adr/0033)."""
    return hashlib.sha256(f"{supplier_id}:{account_id}:{kind}:{canonical}".encode()).hexdigest()


def is_one_of(value_hash: str, expected: Collection[str]) -> bool:
    """Compare a proof's hash with the expected ones, in a time that does not tell how much of it fits, or if any is."""
    fits = [hmac.compare_digest(value_hash, one) for one in expected or ["nothing to compare with"]]
    return True in fits


# --- What is shown ----------------------------------------------------------------------------------------------------


def payer_name(surname: str, given_name: str, patronymic: str, *, is_full: bool) -> str:
    """Name the payer; without full access by the surname's initial only."""
    if not is_full:
        return f"{surname[0]}." if surname else ""
    return " ".join(part for part in (surname, given_name, patronymic) if part)


def place(locality: str, street_address: str, flat: str, *, is_full: bool) -> str:
    """Give the address on one line; without full access it ends with the house."""
    parts = [locality, street_address]
    if is_full and flat:
        parts.append(f"кв. {flat}")
    return ", ".join(part for part in parts if part)


def masked_email(email: str) -> str:
    """Give an address that its owner's family knows again and a stranger cannot use: «m•••@mail.ru»."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"
