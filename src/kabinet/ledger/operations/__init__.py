"""Post transfers, inside the use-case that makes their document. Others import the names from here."""

from kabinet.ledger.operations.bulk import post_selected, reverse_sources
from kabinet.ledger.operations.posting import (
    AlreadyPostedDifferently,
    Movement,
    PostedTransfer,
    customer_book,
    post,
    supplier_book,
)

__all__ = [
    "AlreadyPostedDifferently",
    "Movement",
    "PostedTransfer",
    "customer_book",
    "post",
    "post_selected",
    "reverse_sources",
    "supplier_book",
]
