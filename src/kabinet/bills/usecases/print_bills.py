"""Print the bills of a month: for all accounts of a supplier, as one file for a printer or a file for each."""

import csv
import datetime as dt
import fcntl
import io
import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from kabinet.bills.formats import print_file
from kabinet.bills.operations.print_parts import PARTS, PartDone, PrintRun, files_listed, print_part, write
from kabinet.bills.queries.print_runs import accounts_to_print, is_charged
from kabinet.common.errors import Refusal
from kabinet.common.month import Month
from kabinet.common.processes import pool
from kabinet.suppliers import queries as suppliers

BILLS_OF_A_PART = 100
"""The typesetter takes nearly 2 MB for each sheet of a part; more in one saves no time any more."""
WAITING_FOR_EACH = 2
"""Parts handed to a process before it is free, so that none is idle; the rest wait here."""

Progress = Callable[["Printed"], None]


class MonthNotCharged(Refusal):
    code = "month-not-charged"
    message = _("За %(month)s ещё не начислено: печатать нечего.")


class FolderInUse(Refusal):
    code = "print-folder-in-use"
    message = _("В эту папку уже печатает другой процесс. Дождитесь его или выберите другую папку.")


class FolderOfAnother(Refusal):
    code = "print-folder-of-another"
    message = _("В этой папке напечатано «%(what)s». Для другого месяца и поставщика нужна своя папка.")


@dataclass
class Printed:
    """What has been done so far.

    total     accounts to be printed
    accounts  of how many of them it is known what became of them; some have no bill
    file      the one file, when it was asked for and there is something in it
    """

    total: int
    accounts: int = 0
    made: int = 0
    kept: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    file: Path | None = None
    pages: int = 0


def print_bills(
    *,
    supplier_id: int,
    period: Month,
    folder: Path,
    is_one_file: bool,
    processes: int,
    progress: Progress,
    now: dt.datetime,
) -> Printed:
    """Write the bills of a charged month into a folder; what is there already and still true stays.

    processes    how many typeset at once; 1 works in this process
    progress     is called after each part with what has been done so far

    ``refused.csv`` names the bills that could not be made, and why. Raises MonthNotCharged, FolderInUse,
    FolderOfAnother; OSError where the folder cannot be written to.
    """
    supplier = suppliers.supplier_card(supplier_id)
    if not is_charged(supplier, period):
        raise MonthNotCharged(month=period)

    run = PrintRun(supplier_id, period, folder, is_one_file, now)
    (folder / PARTS).mkdir(parents=True, exist_ok=True)
    with _held(folder, what=f"{supplier.code} {period}"):
        return _print(run, supplier.code, processes=processes, progress=progress)


def _print(run: PrintRun, supplier_code: str, *, processes: int, progress: Progress) -> Printed:
    folder = run.folder
    there_before = files_listed(run)
    account_ids = list(accounts_to_print(run.supplier_id, run.period))
    slices = [account_ids[start : start + BILLS_OF_A_PART] for start in range(0, len(account_ids), BILLS_OF_A_PART)]

    printed = Printed(total=len(account_ids))
    for accounts, part in _parts(run, slices, processes):
        printed.accounts += accounts
        printed.made += part.made
        printed.kept += part.kept
        printed.refused += part.refused
        progress(printed)
    _remove_parts_after(run, len(slices))
    for name in there_before - files_listed(run):
        (folder / name).unlink(missing_ok=True)
    printed.refused.sort()
    _write_refused(run, printed)
    sheets = sorted((folder / PARTS).glob("*.pdf")) if run.is_one_file else []
    if sheets:
        printed.file = folder / f"{supplier_code}-{run.period}.pdf"
        printed.pages = print_file.join(sheets, printed.file)
    return printed


@contextmanager
def _held(folder: Path, *, what: str) -> Iterator[None]:
    """Keep others from printing into a folder at the same time, and anything else into it at any time."""
    with (folder / "run.txt").open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse from error
        held.seek(0)
        there = held.read().strip()
        if there and there != what:
            raise FolderOfAnother(what=there)
        if not there:
            held.write(what)
            held.flush()
        yield


def _parts(run: PrintRun, slices: list[list[int]], processes: int) -> Iterator[tuple[int, PartDone]]:
    """Give the parts as they are done, each with how many accounts it had."""
    numbered = enumerate(slices, start=1)
    if processes == 1:
        for number, account_ids in numbered:
            yield len(account_ids), print_part(run, number, account_ids)
        return
    with pool(processes) as workers:
        yield from _as_done(workers, run, numbered, at_once=processes * WAITING_FOR_EACH)


def _as_done(
    workers: ProcessPoolExecutor, run: PrintRun, numbered: Iterable[tuple[int, list[int]]], *, at_once: int
) -> Iterator[tuple[int, PartDone]]:
    left = iter(numbered)
    waiting: dict[Future[PartDone], int] = {}
    while True:
        for number, account_ids in itertools.islice(left, at_once - len(waiting)):
            waiting[workers.submit(print_part, run, number, account_ids)] = len(account_ids)
        if not waiting:
            return
        for done in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(done), done.result()


def _remove_parts_after(run: PrintRun, last: int) -> None:
    """Forget what an earlier printing of more accounts has left; sheets too, when files are made now."""
    for path in (run.folder / PARTS).iterdir():
        if int(path.name.split(".")[0]) > last or (path.suffix == ".pdf" and not run.is_one_file):
            path.unlink()


def _write_refused(run: PrintRun, printed: Printed) -> None:
    path = run.folder / "refused.csv"
    if not printed.refused:
        path.unlink(missing_ok=True)
        return
    table = io.StringIO()
    csv.writer(table, delimiter=";").writerows([("Лицевой счёт", "Причина"), *printed.refused])
    write(path, table.getvalue().encode("utf-8-sig"))
