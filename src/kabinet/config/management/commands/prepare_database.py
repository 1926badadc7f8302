"""Bring a database to this version: roles, tables, rights, the law's data. Run at each installation and upgrade."""

from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from kabinet.common.wall import ROLE as OFFICE
from kabinet.config.rights import APPEND_ONLY_TABLES, APPLICATION_ROLES, CLOSED_TO_OFFICE, OWNER
from kabinet.config.wall import raise_wall

READ_ONLY_TABLES = ("django_migrations",)


class Command(BaseCommand):
    help = (
        "Creates the roles that are missing (if the role of DATABASE_URL may), migrates as kabinet_owner, creates the "
        "cache's table, gives the application's roles their rights, raises the wall between suppliers and loads what "
        "the law sets for all. Any number of times."
    )

    requires_system_checks: list[str] = []  # it works on tables; addresses and templates are not its concern

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            # A migration of a large table takes longer than any page may; for a lock it still does not wait long.
            cursor.execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0")
            with transaction.atomic():
                create_roles(cursor)
                become_owner(cursor)
            call_command("migrate", interactive=False, verbosity=options["verbosity"])
            call_command("createcachetable", verbosity=options["verbosity"])
            with transaction.atomic():
                grant_rights(cursor)
            self._load_reference()
            cursor.execute("reset role")
        self.stdout.write("The database is ready.")

    def _load_reference(self) -> None:
        """Load what this version knows; what an operator has loaded otherwise is said, and stops no upgrade."""
        try:
            call_command("load_reference", stdout=self.stdout)
        except CommandError as reason:
            self.stderr.write(f"Reference data were not loaded: {reason}")


def create_roles(cursor: CursorWrapper) -> None:
    """Create the roles that are missing, able to sign in but without a password, and let them become the office's.

    Nobody signs in as the office's. Raises CommandError with what an administrator is to run.
    """
    cursor.execute("select rolname from pg_roles")
    present = {name for (name,) in cursor.fetchall()}
    missing = [role for role in (OWNER, *APPLICATION_ROLES) if role not in present]
    statements = [f"create role {role} {'nologin' if role == OFFICE else 'login'}" for role in missing]
    statements += [
        f"grant {OFFICE} to {role} with inherit false, set true"
        for role in (OWNER, *APPLICATION_ROLES)
        if role != OFFICE and (missing or not _may_become_office(cursor, role))
    ]
    try:
        with transaction.atomic():
            for statement in statements:
                cursor.execute(statement)
    except ProgrammingError as reason:
        wanted = "\n".join(f"    {statement};" for statement in statements)
        raise CommandError(f"{reason}Roles or their rights are missing. Let an administrator run:\n{wanted}") from None


def _may_become_office(cursor: CursorWrapper, role: str) -> bool:
    cursor.execute("select pg_has_role(%s, %s, 'set')", [role, OFFICE])
    return bool(cursor.fetchone()[0])


def become_owner(cursor: CursorWrapper) -> None:
    """Act as the owner from here on, so that the tables are its own whoever calls. Raises CommandError."""
    cursor.execute("select current_user = %s, pg_has_role(current_user, %s, 'set')", [OWNER, OWNER])
    is_owner, may_become_owner = cursor.fetchone()
    if not is_owner and not may_become_owner:
        # Who creates a role may give it to anybody, but does not have it.
        cursor.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(OWNER)))
    cursor.execute(sql.SQL("set role {}").format(sql.Identifier(OWNER)))
    cursor.execute("select has_schema_privilege('public', 'create')")
    if cursor.fetchone() != (True,):
        raise CommandError(
            f"{OWNER} may not create tables in this database. Let an administrator run: "
            f"alter database {connection.settings_dict['NAME']} owner to {OWNER};"
        )


def grant_rights(cursor: CursorWrapper) -> None:
    """Give the application's roles what they need and no more: no change of schema, no change of what was posted.

    Behind the wall between suppliers, which is raised on every table that has one, the office meets its own alone.
    """
    roles = sql.SQL(", ").join(map(sql.Identifier, APPLICATION_ROLES))
    cursor.execute("select tablename from pg_tables where schemaname = current_schema() and tableowner = current_user")
    tables = {name for (name,) in cursor.fetchall()}

    def grant(rights: str, on: set[str]) -> None:
        if on:
            names = sql.SQL(", ").join(map(sql.Identifier, sorted(on)))
            cursor.execute(sql.SQL("revoke all on {} from {}").format(names, roles))
            cursor.execute(sql.SQL(f"grant {rights} on {{}} to {{}}").format(names, roles))

    append_only, read_only = tables & set(APPEND_ONLY_TABLES), tables & set(READ_ONLY_TABLES)
    grant("select, insert, update, delete", tables - append_only - read_only)
    grant("select, insert", append_only)
    grant("select", read_only)
    if closed := tables & set(CLOSED_TO_OFFICE):
        names = sql.SQL(", ").join(map(sql.Identifier, sorted(closed)))
        cursor.execute(sql.SQL("revoke all on {} from {}").format(names, sql.Identifier(OFFICE)))
    cursor.execute(sql.SQL("grant usage on schema public to {}").format(roles))
    cursor.execute(sql.SQL("grant usage, select on all sequences in schema public to {}").format(roles))
    raise_wall(cursor)
