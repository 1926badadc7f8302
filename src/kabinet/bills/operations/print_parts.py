"""A part of a print run: the bills of some accounts, as one file or a file for each."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from typst import TypstError

from kabinet.bills.formats import bill as bill_format
from kabinet.bills.formats.bill import Bill
from kabinet.bills.formats.typesetting import fingerprint
from kabinet.bills.queries.sheets import bills
from kabinet.common.month import Month

PARTS = "parts"
NO_POSTCODE = "без индекса"


@dataclass(frozen=True)
class PrintRun:
    """What is printed, and where to.

    is_one_file  the parts are sheets for one file; else each bill is a file in the folder of its postal index
    """

    supplier_id: int
    period: Month
    folder: Path
    is_one_file: bool
    now: dt.datetime


@dataclass(frozen=True)
class PartDone:
    """What became of a part.

    made, kept  bills that were typeset now, and those whose files are as they would be
    refused     account number and reason
    """

    made: int = 0
    kept: int = 0
    refused: Sequence[tuple[str, str]] = field(default_factory=tuple)


def print_part(run: PrintRun, number: int, account_ids: Sequence[int]) -> PartDone:
    """Make the files of a part, unless they are there and say what they would say today.

    Files appear by renaming, and the list of what they hold after them: whoever is killed in between begins the part
    anew, and never leaves half a file.
    """
    gathered = bills(run.supplier_id, account_ids, run.period, now=run.now)
    ordered = [gathered[account_id] for account_id in account_ids if account_id in gathered]
    refused = [(bill.account_number, "нет адреса") for bill in ordered if run.is_one_file and not bill.payer.address]
    ordered = [bill for bill in ordered if not run.is_one_file or bill.payer.address]
    list_path = run.folder / PARTS / f"{number:05}.json"
    before = _read(list_path)
    make = _one_file if run.is_one_file else _files
    done = make(run, number, ordered, before)
    return replace(done, refused=(*refused, *done.refused))


def _one_file(run: PrintRun, number: int, ordered: Sequence[Bill], before: Mapping[str, Any]) -> PartDone:
    path = run.folder / PARTS / f"{number:05}.pdf"
    digest = hashlib.sha256("".join(digest_of(bill) for bill in ordered).encode()).hexdigest()
    if before.get("digest") == digest and (path.exists() or not before.get("printed")):
        return PartDone(kept=before["printed"], refused=[(account, reason) for account, reason in before["refused"]])
    refused: list[tuple[str, str]] = []
    printable = list(ordered)
    try:
        content = bill_format.render_many(printable, made_at=run.now) if printable else b""
    except TypstError:
        # One bad bill must not hold the others: each is tried for itself, and the rest is typeset again.
        printable, refused = _printable(ordered)
        content = bill_format.render_many(printable, made_at=run.now) if printable else b""
    if content:
        write(path, content)
    else:
        path.unlink(missing_ok=True)
    _write_list(run, number, {"digest": digest, "printed": len(printable), "refused": refused})
    return PartDone(made=len(printable), refused=refused)


def _printable(ordered: Sequence[Bill]) -> tuple[list[Bill], list[tuple[str, str]]]:
    printable, refused = [], []
    for bill in ordered:
        try:
            bill_format.render(bill)
        except TypstError as error:
            refused.append((bill.account_number, error.message))
        else:
            printable.append(bill)
    return printable, refused


def _files(run: PrintRun, number: int, ordered: Sequence[Bill], before: Mapping[str, Any]) -> PartDone:
    made, kept, refused, digests = 0, 0, [], {}
    for bill in ordered:
        digest, path = digest_of(bill), _file_of(run, bill)
        name = str(path.relative_to(run.folder))
        if before.get("files", {}).get(name) == digest and path.exists():
            kept += 1
        else:
            try:
                write(path, bill_format.render(bill))
            except TypstError as error:
                refused.append((bill.account_number, error.message))
                continue
            made += 1
        digests[name] = digest
    _write_list(run, number, {"files": digests})
    return PartDone(made, kept, refused)


def _file_of(run: PrintRun, bill: Bill) -> Path:
    return run.folder / (_as_name(bill.payer.postcode) or NO_POSTCODE) / (_as_name(bill.account_number) + ".pdf")


def _as_name(text: str) -> str:
    """Write a text so that it is a name of a file in any folder, and never that of another text."""
    return re.sub(r"[^\w-]", lambda sign: f"%{ord(sign[0]):02X}", text)


def digest_of(bill: Bill) -> str:
    """Name what a bill says and how it is drawn, but for the moment: a bill that nothing has changed since is kept."""
    said = repr(replace(bill, made_at=None, counted_on=None))  # type: ignore[arg-type]
    return hashlib.sha256(f"{fingerprint('bill')} {said}".encode()).hexdigest()


def files_listed(run: PrintRun) -> set[str]:
    """Name the files that the parts of a print run have made, as paths from its folder."""
    return {name for path in (run.folder / PARTS).glob("*.json") for name in _read(path).get("files", {})}


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def _write_list(run: PrintRun, number: int, content: dict[str, Any]) -> None:
    write(run.folder / PARTS / f"{number:05}.json", json.dumps(content, ensure_ascii=False).encode())


def write(path: Path, content: bytes) -> None:
    """Let a file appear whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
