"""E-mail addresses: which are the same, and which are no address at all. Network addresses: which are one visitor."""

import ipaddress
import unicodedata

import idna


class AddressProblem(ValueError):
    """The text is not an address that we would write to; the argument says why: ``malformed`` or ``mixed-script``."""


def canonical_email(address: str) -> str:
    """Give the form by which addresses are compared: NFKC, domain in IDNA, all case-folded.

    Letters go to the address as it was typed; this form only tells whether two are the same person's (CVE-2019-19844).
    Raises AddressProblem, also for a domain that mixes alphabets inside one label.
    """
    local_part, at_sign, domain = unicodedata.normalize("NFKC", address.strip()).rpartition("@")
    if not (at_sign and local_part and domain):
        raise AddressProblem("malformed")
    if any(len(_scripts(label)) > 1 for label in domain.split(".")):
        raise AddressProblem("mixed-script")
    try:
        domain = idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise AddressProblem("malformed") from error
    return f"{local_part}@{domain}".casefold()


def _scripts(label: str) -> set[str]:
    return {unicodedata.name(character, "?").split()[0] for character in label if character.isalpha()}


def masked_email(address: str) -> str:
    """Show an address so that its owner knows it and a stranger does not: ``i•••v@example.ru``."""
    local_part, _, domain = address.rpartition("@")
    if len(local_part) < 3:
        return f"{local_part[:1]}•••@{domain}"
    return f"{local_part[0]}•••{local_part[-1]}@{domain}"


def network_of(address: str) -> str:
    """Give what counts as one visitor: an IPv4 address, or the /64 of an IPv6 one; empty for an unknown address."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
