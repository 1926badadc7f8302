"""Masking, proofs, limits of guessing, and who lives at an account: plain values in and out, no Django."""

from kabinet.accounts.rules.attaching import (
    ACCOUNTS_PER_CABINET,
    COUNTED_FOR,
    NEIGHBOURS_THAT_LOCK,
    WRONG_PROOFS_PER_NUMBER,
    WRONG_TRIES_PER_CABINET,
    WRONG_TRIES_PER_NETWORK,
    canonical_proof,
    is_one_of,
    level_without_proof,
    longest_run,
    masked_email,
    network_of,
    payer_name,
    place,
    proof_hash,
)
from kabinet.accounts.rules.residence import NormUnits, Residence

__all__ = [
    "ACCOUNTS_PER_CABINET",
    "COUNTED_FOR",
    "NEIGHBOURS_THAT_LOCK",
    "WRONG_PROOFS_PER_NUMBER",
    "WRONG_TRIES_PER_CABINET",
    "WRONG_TRIES_PER_NETWORK",
    "NormUnits",
    "Residence",
    "canonical_proof",
    "is_one_of",
    "level_without_proof",
    "longest_run",
    "masked_email",
    "network_of",
    "payer_name",
    "place",
    "proof_hash",
]
