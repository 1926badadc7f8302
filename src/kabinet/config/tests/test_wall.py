"""The wall between suppliers is raised on every table that has one, and a check proves that it stands."""

import pytest
from django.apps import apps
from django.core.management import CommandError
from django.db import connection

from kabinet.accounts.tests.factories import make_account
from kabinet.common.wall import behind_wall
from kabinet.config.management.commands.prepare_database import create_roles, grant_rights
from kabinet.config.rights import CLOSED_TO_OFFICE, OPEN_TABLES
from kabinet.config.wall import office_has_its_rights, raise_wall, unwalled, wall_stands, walls
from kabinet.suppliers.models import SupplierOwned

pytestmark = pytest.mark.django_db


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def lacking() -> list[str]:
    return [problem.msg for problem in office_has_its_rights(databases=["default"])]


def found() -> list[str]:
    return [problem.msg for problem in wall_stands(databases=["default"])]


def test_every_table_of_a_suppliers_rows_has_it() -> None:
    owned = {model._meta.db_table for model in apps.get_models() if issubclass(model, SupplierOwned)}

    with connection.cursor() as cursor:
        assert owned <= set(walls(cursor))
        assert unwalled(cursor) == {}


def test_what_names_a_supplier_otherwise_or_belongs_to_such_a_row_has_it_too() -> None:
    with connection.cursor() as cursor:
        walled = set(walls(cursor))
    naming = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.attname == "supplier_id" or (field.related_model and field.related_model._meta.db_table in walled)
    }

    assert naming - set(OPEN_TABLES) == walled


def test_the_tables_that_are_named_one_by_one_are_there() -> None:
    named = {*OPEN_TABLES, *CLOSED_TO_OFFICE}

    assert named <= set(connection.introspection.table_names())


def test_a_table_that_comes_later_has_no_rows_for_the_office_until_it_has_the_wall() -> None:
    supplier_id = make_account().supplier_id
    run("CREATE TABLE later (id bigint PRIMARY KEY, supplier_id bigint NOT NULL)")
    run(f"INSERT INTO later VALUES (1, {supplier_id}), (2, {supplier_id + 1})")
    assert found() == ["These tables lack the wall between suppliers: later."]

    with connection.cursor() as cursor:
        grant_rights(cursor)

        assert found() == []
        with behind_wall({supplier_id}):
            cursor.execute("SELECT id FROM later")
            assert cursor.fetchall() == [(1,)]


def test_what_belongs_to_a_row_is_met_with_it() -> None:
    ours, theirs = make_account(), make_account()
    run("CREATE TABLE belonging (id bigint PRIMARY KEY, account_id bigint REFERENCES accounts_account)")
    run(f"INSERT INTO belonging VALUES (1, {ours.id}), (2, {theirs.id}), (3, NULL)")
    assert found() == ["These tables lack the wall between suppliers: belonging."]

    with connection.cursor() as cursor:
        grant_rights(cursor)

        assert found() == []
        with behind_wall({ours.supplier_id}):
            cursor.execute("SELECT id FROM belonging")
            assert cursor.fetchall() == [(1,)]
        with behind_wall(None):
            cursor.execute("SELECT id FROM belonging")
            assert cursor.fetchall() == [(1,), (2,)]


class TestTheCheckOfRights:
    def test_it_is_silent_where_the_office_has_them(self) -> None:
        assert lacking() == []
        assert office_has_its_rights() == []

    def test_it_names_a_table_that_was_made_by_hand_and_what_to_run(self) -> None:
        run("CREATE TABLE made_by_hand (id bigint PRIMARY KEY)")

        [problem] = office_has_its_rights(databases=["default"])

        assert problem.msg.startswith("The office has no rights to these tables: made_by_hand.")
        assert problem.id == "config.E003"
        assert "prepare_database" in problem.hint

    def test_rights_that_are_given_end_it(self) -> None:
        run("CREATE TABLE made_by_hand (id bigint PRIMARY KEY)")
        with connection.cursor() as cursor:
            grant_rights(cursor)

        assert lacking() == []


class TestTheCheck:
    def test_it_is_silent_where_the_wall_stands(self) -> None:
        make_account()

        assert found() == []

    def test_it_asks_nothing_where_no_database_is_named(self) -> None:
        assert wall_stands() == []

    @pytest.mark.parametrize(
        "statement",
        [
            "ALTER TABLE accounts_account DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE accounts_account NO FORCE ROW LEVEL SECURITY",
            "DROP POLICY wall ON accounts_account",
            "COMMENT ON POLICY wall ON accounts_account IS 'an earlier version'",
            "ALTER POLICY wall ON accounts_account TO kabinet_web",
        ],
    )
    def test_a_wall_that_was_taken_down_is_named_and_raised_again(self, statement: str) -> None:
        run(statement)
        assert "These tables lack the wall between suppliers: accounts_account." in found()

        with connection.cursor() as cursor:
            raise_wall(cursor)

        assert found() == []

    def test_a_wall_that_lets_through_is_found_by_looking(self) -> None:
        make_account()
        run("ALTER POLICY wall ON accounts_account USING (true)")

        assert found() == ["Who names no supplier sees rows of these tables: accounts_account."]

    def test_another_policy_does_not_open_it(self) -> None:
        make_account()
        run("CREATE POLICY generous ON accounts_account TO kabinet_office USING (true)")

        assert found() == []

    def test_a_role_that_may_not_go_behind_it_is_told(self) -> None:
        make_account()
        run("REVOKE kabinet_office FROM CURRENT_USER, kabinet_web, kabinet_worker, kabinet_owner")

        told = found()

        assert [problem.partition(":")[0] for problem in told] == [
            "This role cannot go behind the wall between suppliers"
        ]

    def test_a_role_of_the_office_that_owns_a_table_passes_its_policies(self) -> None:
        run("CREATE TABLE its_own (id bigint)")
        run("GRANT CREATE ON SCHEMA public TO kabinet_office")
        run("ALTER TABLE its_own OWNER TO kabinet_office")

        assert found() == [
            "The role kabinet_office passes row-level security: it is a superuser, has BYPASSRLS or owns tables."
        ]


class TestRoles:
    def test_roles_that_are_there_are_left_alone(self) -> None:
        with connection.cursor() as cursor:
            create_roles(cursor)

    def test_who_may_not_give_roles_is_told_what_an_administrator_runs(self) -> None:
        run("REVOKE kabinet_office FROM kabinet_web")
        run("SET ROLE kabinet_worker")
        try:
            with connection.cursor() as cursor, pytest.raises(CommandError) as told:
                create_roles(cursor)
        finally:
            run("RESET ROLE")

        assert "    grant kabinet_office to kabinet_web with inherit false, set true;" in str(told.value)
