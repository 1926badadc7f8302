"""Row-level security: raise the wall on every table that has a supplier, and prove that it stands (docs/adr/0161)."""

from typing import Any

from django.core import checks
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from kabinet.common.wall import EVERYWHERE, ROLE, SETTING, behind_wall
from kabinet.config.rights import CLOSED_TO_OFFICE, OPEN_TABLES

#: Of what has a supplier: the rows of those for whom the office was entered; without the setting, or with an empty one,
#: nobody's. A row that names no supplier (a question about a cabinet as a whole) is met by staff of the installation
#: alone. Both halves are computed once for a statement. The first lets PostgreSQL expect many rows; the filter of
#: a query finds its index by itself.
VISIBLE = f"""
    (SELECT current_setting('{SETTING}', true)) = '{EVERYWHERE}'
    OR supplier_id = ANY ((
        SELECT string_to_array(nullif(current_setting('{SETTING}', true), '{EVERYWHERE}'), ',')::bigint[]
    )::bigint[])
"""


#: Of what has no supplier itself but belongs to a row that has: whatever belongs to a row that the office meets.
BELONGS = "EXISTS (SELECT FROM {owner} AS owner WHERE owner.id = {table}.{column})"


def walls(cursor: CursorWrapper) -> dict[str, str]:
    """Give the condition for each table that needs the wall.

    The database itself says which have a supplier, or a key to one that has: so none is forgotten.
    """
    cursor.execute(
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND a.attname = 'supplier_id' AND NOT a.attisdropped AND c.relname <> ALL (%s)
        ORDER BY c.relname
        """,
        [list(OPEN_TABLES)],
    )
    conditions = {name: VISIBLE for (name,) in cursor.fetchall()}
    cursor.execute(
        """
        SELECT hanging.relname, a.attname, owner.relname
        FROM pg_constraint k
        JOIN pg_class hanging ON hanging.oid = k.conrelid
        JOIN pg_class owner ON owner.oid = k.confrelid
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND owner.relname = ANY (%s) AND hanging.relname <> ALL (%s)
        ORDER BY hanging.relname, a.attname
        """,
        [list(conditions), list(conditions)],
    )
    for table, column, owner in cursor.fetchall():
        belongs = BELONGS.format(table=table, column=column, owner=owner)
        conditions[table] = f"{conditions[table]} AND {belongs}" if table in conditions else belongs
    return conditions


def unwalled(cursor: CursorWrapper) -> dict[str, str]:
    """Give those of `walls` that do not stand, or not as this version has them."""
    cursor.execute(
        """
        SELECT c.relname, obj_description(p.oid, 'pg_policy')
        FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
            AND p.polname = 'wall' AND NOT p.polpermissive AND p.polcmd = '*'
            AND p.polroles = ARRAY[%s::regrole::oid]
        """,
        [ROLE],
    )
    standing = dict(cursor.fetchall())
    return {table: condition for table, condition in walls(cursor).items() if standing.get(table) != condition}


def raise_wall(cursor: CursorWrapper) -> None:
    """Raise the wall where it does not stand. What stands is not touched: a policy is changed under a lock.

    Everybody passes (``rest``) but the office, which is kept to its suppliers whatever other policies allow (``wall``).
    """
    for table, condition in unwalled(cursor).items():
        names = {
            "table": sql.Identifier(table),
            "role": sql.Identifier(ROLE),
            "condition": sql.SQL(condition),
            "told": sql.Literal(condition),
        }
        for statement in (
            "DROP POLICY IF EXISTS rest ON {table}",
            "DROP POLICY IF EXISTS wall ON {table}",
            "CREATE POLICY rest ON {table} USING (true)",
            "CREATE POLICY wall ON {table} AS RESTRICTIVE TO {role} USING ({condition})",
            "COMMENT ON POLICY wall ON {table} IS {told}",
            "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        ):
            cursor.execute(sql.SQL(statement).format(**names))


@checks.register(checks.Tags.database)
def wall_stands(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Refuse to serve an office without its wall: read the catalogue, then go behind the wall and look.

    An embedded database's administrator passes every policy in silence; what counts is what the office's role sees.
    """
    if not databases:
        return []
    hint = "Run `./kabinet manage prepare_database`; docs/run/install.md says as whom."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles r WHERE rolname = %s",
            [ROLE],
        )
        role = cursor.fetchone()
        if role is None:
            return [checks.Error(f"There is no role {ROLE} for the office to act as.", hint=hint, id="config.E001")]
        problems = []
        if role != (False, False):
            problems.append(
                f"The role {ROLE} passes row-level security: it is a superuser, has BYPASSRLS or owns tables."
            )
        if lacking := unwalled(cursor):
            problems.append(f"These tables lack the wall between suppliers: {', '.join(lacking)}.")
        try:
            if seen := _seen_by_nobody(cursor):
                problems.append(f"Who names no supplier sees rows of these tables: {', '.join(seen)}.")
        except ProgrammingError as reason:
            problems.append(f"This role cannot go behind the wall between suppliers: {reason}".rstrip())
    return [checks.Error(problem, hint=hint, id="config.E002") for problem in problems]


@checks.register(checks.Tags.database)
def office_has_its_rights(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say which tables the office cannot read: a migration that was run by hand gives nobody rights to what it made.

    Without this the first page of the office that reads one fails for whoever opens it.
    """
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            return []  # `wall_stands` says so
        cursor.execute(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND c.relname <> ALL (%s) AND NOT has_table_privilege(%s, c.oid, 'select')
            ORDER BY c.relname
            """,
            [list(CLOSED_TO_OFFICE), ROLE],
        )
        lacking = [name for (name,) in cursor.fetchall()]
    if not lacking:
        return []
    return [
        checks.Error(
            f"The office has no rights to these tables: {', '.join(lacking)}. A migration has made them by hand.",
            hint="Run `./kabinet manage prepare_database`: it migrates, gives rights and raises the wall.",
            id="config.E003",
        )
    ]


def _seen_by_nobody(cursor: CursorWrapper) -> list[str]:
    """Name the tables of which the office's role sees a row although no supplier is named."""
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY (%s)"
        " AND has_table_privilege(%s, c.oid, 'select')",
        [list(walls(cursor)), ROLE],
    )
    tables = [name for (name,) in cursor.fetchall()]
    if not tables:
        return []
    cursor.execute(_of_each("(SELECT {name}, id FROM {table} LIMIT 1)", tables))
    present = dict(cursor.fetchall())
    if not present:
        return []
    with transaction.atomic(), behind_wall([]):
        cursor.execute(_of_each("SELECT {name} FROM {table} WHERE id = %s", list(present)), list(present.values()))
        return [name for (name,) in cursor.fetchall()]


def _of_each(statement: str, tables: list[str]) -> sql.Composed:
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(statement).format(name=sql.Literal(table), table=sql.Identifier(table)) for table in tables
    )
