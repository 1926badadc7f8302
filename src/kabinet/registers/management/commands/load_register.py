"""./kabinet manage load_register FILE --supplier CODE --kind KIND: load a supplier's file, from a terminal or cron."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kabinet.common.errors import NotFound, Refusal
from kabinet.outbox.patience import DATABASE_AWAY
from kabinet.registers import queries
from kabinet.registers.formats.profile import Profile
from kabinet.registers.formats.ready import READY
from kabinet.registers.queries import RegisterReport
from kabinet.registers.rules.kinds import KINDS
from kabinet.registers.usecases.apply_register import apply_register
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import READABLE, read_register
from kabinet.registers.usecases.upload_register import upload_register


class Command(BaseCommand):
    help = (
        "Load a supplier's file as the office does: read, check every line, print what it would change. Nothing "
        "changes without --apply. Refused lines are written beside the file, with the reasons. Exit 0 only when "
        "nothing was refused; 1 when lines were, or the whole file, or it was not applied; 2 for a wrong call. "
        "A file that is applied is not loaded again; one that is only checked may be called again with --apply."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--supplier", required=True, help="code of the supplier")
        parser.add_argument("--kind", required=True, choices=sorted(KINDS), help="what the file is about")
        parser.add_argument("--profile", default="", help="name of the format; without it, the one that was used last")
        parser.add_argument("--apply", action="store_true", help="apply what can be")
        parser.add_argument("--note", default="", help="with --apply: why it is right although it is beyond a limit")
        parser.add_argument("--refused", type=Path, help="where refused lines go (default: FILE.refused)")

    def handle(
        self,
        *args: Any,
        file: Path,
        supplier: str,
        kind: str,
        profile: str,
        apply: bool,
        note: str,
        refused: Path | None,
        **options: Any,
    ) -> None:
        try:
            supplier_id = queries.supplier_by_code(supplier).pk
        except NotFound as reason:
            raise CommandError(f"there is no supplier {supplier}") from reason
        try:
            name, chosen = self._profile(supplier_id, kind, profile)
            register_id = self._register_id(supplier_id, kind, file)
            key: dict[str, Any] = {"supplier_id": supplier_id, "register_id": register_id}
            read_register(**key, profile=chosen, profile_name=name, actor=None, now=timezone.now())
            check_register(**key, now=timezone.now(), is_decided_next=apply)
            report = queries.register_report(**key)
            self._report(report)
            if report.register.is_refused:
                raise CommandError(report.register.problem)
            if report.register.refused_count:
                self._write_refused(key, refused or file.with_name(f"{file.name}.refused"))
            if apply:
                approve_register(**key, note=note, actor=None, now=timezone.now())
                self._apply(key)
                report = self._after(key, report, refused or file.with_name(f"{file.name}.refused"))
            else:
                self.stdout.write("not applied: look at it in the office, or call again with --apply")
        except Refusal as reason:
            raise CommandError(str(reason)) from reason
        if report.register.refused_count:
            raise SystemExit(1)

    def _register_id(self, supplier_id: int, kind: str, file: Path) -> int:
        """Take a file in; one that a terminal has brought before and nobody has applied yet is read again.

        Raises CommandError for a file that cannot be read, and the refusals of `upload_register`.
        """
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
                known = queries.register_of_file(supplier_id, kind, sha256)
                if known and known.uploaded_by_id is None and known.state in READABLE:
                    return known.pk
                register = upload_register(
                    supplier_id=supplier_id, kind=kind, file_name=file.name, file=opened, actor=None, now=timezone.now()
                )
        except OSError as reason:
            raise CommandError(f"cannot read {file}: {reason.strerror or reason}") from reason
        return register.pk

    def _apply(self, key: dict[str, int]) -> None:
        """Apply what is approved; where the database does not let us now, the worker does it later."""
        try:
            is_applied = apply_register(**key, now=timezone.now())
        except DATABASE_AWAY as reason:
            raise CommandError(f"not applied yet, the worker goes on with it: {reason}") from reason
        if not is_applied:
            raise CommandError("not applied: it was given back meanwhile, look at it in the office")
        self.stdout.write("applied")

    def _after(self, key: dict[str, int], before: RegisterReport, refused: Path) -> RegisterReport:
        """Say what was refused while it was applied: somebody handed a reading in after the check."""
        report = queries.register_report(**key)
        if report.register.refused_count > before.register.refused_count:
            self._report(report)
            self._write_refused(key, refused)
        return report

    def _profile(self, supplier_id: int, kind: str, name: str) -> tuple[str, Profile]:
        """Find a format: of the supplier, or a ready one; without a name the one that was used last."""
        known = {ready.name: ready for ready in READY if ready.kind == kind}
        known |= {row.name: row.profile for row in queries.profiles_of([supplier_id], kind=kind)}
        if not name and (used := queries.profile_used_last(supplier_id, kind)):
            return used
        if name in known:
            return name, known[name]
        names = ", ".join(f"«{each}»" for each in known)
        raise CommandError(f"--profile must name one of: {names}" if names else "there is no format for this kind yet")

    def _report(self, report: RegisterReport) -> None:
        register = report.register
        self.stdout.write(
            f"register {register.number}: {register.lines_count} lines: {register.new_count} new,"
            f" {register.changed_count} changed, {register.unchanged_count} unchanged,"
            f" {register.refused_count} refused"
        )
        if register.ignored_count:
            self.stdout.write(f"{register.ignored_count} lines passed over, as the format says")
        if register.changes_money:
            before = f" (register {report.before_number}: {report.before.amount_rub})" if report.before else ""
            self.stdout.write(f"{report.totals.amount_rub} RUB{before}")
        for limit in report.broken_limits:
            was = "" if limit.was is None else f" against {limit.was}"
            self.stdout.write(f"beyond a limit: {limit.code}: {limit.now}{was}, at most {limit.most}")

    def _write_refused(self, key: dict[str, int], path: Path) -> None:
        try:
            with path.open("wb") as written:
                written.writelines(queries.refused_file(**key))
        except OSError as reason:
            raise CommandError(
                f"cannot write refused lines to {path}: {reason.strerror or reason}; name another place by --refused"
            ) from reason
        self.stdout.write(f"refused lines: {path}")
