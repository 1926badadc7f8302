"""Read registers: what has yet to leave, what has left, what came and what became of it. Import the names from here."""

from kabinet.registers.queries.outgoing import (
    Document,
    documents_to_send,
    lines_of,
    next_number,
    register_by_number,
    supplier_by_code,
    suppliers_billed_elsewhere,
)

__all__ = [
    "Document",
    "documents_to_send",
    "lines_of",
    "next_number",
    "register_by_number",
    "supplier_by_code",
    "suppliers_billed_elsewhere",
]
