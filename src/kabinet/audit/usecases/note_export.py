"""Note an export: somebody of the staff takes a list away as a file."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kabinet.audit import operations
from kabinet.common.db import usecase


@usecase
def note_export(
    *,
    list_name: str,
    file_format: str,
    rows_count: int,
    filters: dict[str, Any],
    supplier_ids: Sequence[int],
    actor: Any,
    now: dt.datetime,
) -> None:
    """Leave an entry at each supplier whose rows may be in the file, before the file is given out.

    filters  what the list was narrowed by, without anything personal

    Source: docs/adr/0190.
    """
    details = {"format": file_format, "rows": rows_count, "filters": filters}
    for supplier_id in supplier_ids:
        operations.note(
            action="list.exported",
            actor=actor,
            now=now,
            supplier_id=supplier_id,
            subject=f"list:{list_name}",
            details=details,
        )
