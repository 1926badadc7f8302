"""What is done behind the wall meets the rows of one's own suppliers, and leaves nothing for the next request."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection, transaction

from kabinet.accounts.models import Account, Residence
from kabinet.accounts.tests.factories import make_account
from kabinet.common.db import usecase
from kabinet.common.testing import NOW
from kabinet.common.wall import behind_wall, outside_wall

SEEN = "SELECT array_agg(id ORDER BY id) FROM accounts_account"
PLACE = "SELECT current_user, coalesce(current_setting('kabinet.suppliers', true), '')"


def ask(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def seen() -> list[int]:
    """Ask for every account there is, as a query does that has forgotten its filter."""
    return ask(SEEN)[0] or []


@pytest.fixture
def ours() -> Account:
    return make_account()


@pytest.fixture
def theirs() -> Account:
    return make_account()


class TestInRealTransactions:
    """As requests do it: nothing is open when the wall is entered."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def nobody_stays(self, ours: Account) -> Iterator[None]:
        outside = ask(PLACE)
        yield
        assert ask(PLACE)[0] == outside[0]
        assert ask(PLACE)[1] == ""

    def test_a_query_without_its_filter_finds_nothing_foreign(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            assert seen() == [ours.id]
            assert list(Account.objects.all()) == [ours]
            assert not Account.objects.filter(pk=theirs.pk).exists()

    def test_what_is_changed_without_a_filter_is_ones_own(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            assert Account.objects.update(surname="Никто") == 1

        theirs.refresh_from_db()
        assert theirs.surname != "Никто"

    def test_a_row_of_another_supplier_cannot_be_written(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}), pytest.raises(ProgrammingError, match="row-level security"):
            Account.objects.create(supplier_id=theirs.supplier_id, number="700700")

    def test_staff_of_two_suppliers_see_both_and_no_third(self, ours: Account, theirs: Account) -> None:
        make_account()

        with behind_wall([theirs.supplier_id, ours.supplier_id]):
            assert seen() == [ours.id, theirs.id]

    def test_staff_of_the_installation_see_everybody(self, ours: Account, theirs: Account) -> None:
        with behind_wall(None):
            assert seen() == [ours.id, theirs.id]
            assert ask(PLACE) == ("kabinet_office", "*")

    def test_who_has_no_supplier_sees_nothing(self, ours: Account) -> None:
        with behind_wall([]):
            assert seen() == []

    def test_the_role_sees_nothing_without_the_setting(self, ours: Account) -> None:
        with transaction.atomic():
            ask("SELECT set_config('role', 'kabinet_office', true)")
            assert seen() == []

    def test_a_use_case_is_behind_the_wall_from_its_first_statement(self, ours: Account, theirs: Account) -> None:
        found = []

        @usecase
        def look() -> None:
            found.extend([seen(), ask(PLACE)])

        with behind_wall({ours.supplier_id}):
            look()
            assert ask(PLACE)[0] == "kabinet_office"

        assert found == [[ours.id], ("kabinet_office", str(ours.supplier_id))]
        assert seen() == [ours.id, theirs.id]

    def test_each_use_case_of_a_request_is(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            for _ in range(2):
                with transaction.atomic(durable=True):
                    assert seen() == [ours.id]

    def test_the_wall_stands_inside_and_after_a_savepoint(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}), transaction.atomic():
            with transaction.atomic():  # the savepoint is the first statement of the transaction
                assert seen() == [ours.id]
            assert seen() == [ours.id]
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask("SELECT nothing FROM nowhere")
            assert seen() == [ours.id]

    def test_a_transaction_that_failed_leaves_no_trace(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask("SELECT nothing FROM nowhere")
            assert seen() == [ours.id]
        assert seen() == [ours.id, theirs.id]

    def test_a_lone_statement_that_failed_leaves_no_trace(self, ours: Account) -> None:
        with behind_wall({ours.supplier_id}), pytest.raises(ProgrammingError):
            ask("SELECT nothing FROM nowhere")

        assert seen() == [ours.id]

    def test_an_error_in_the_middle_of_a_request_leaves_no_trace(self, ours: Account, theirs: Account) -> None:
        with pytest.raises(ZeroDivisionError), behind_wall({ours.supplier_id}):
            raise ZeroDivisionError

        assert seen() == [ours.id, theirs.id]

    def test_a_key_that_is_checked_at_the_end_is_checked_for_a_lone_statement(self, ours: Account) -> None:
        Residence.objects.create(supplier=ours.supplier, account=ours, valid_from=NOW.date(), residents_count=2)

        with behind_wall({ours.supplier_id}), pytest.raises(IntegrityError):
            ask("UPDATE accounts_residence SET account_id = 999999 RETURNING id")

    def test_a_use_case_that_lost_to_others_is_done_again_behind_the_wall(self, ours: Account, theirs: Account) -> None:
        found: list[list[int]] = []

        @usecase
        def lose_twice() -> None:
            found.append(seen())
            if len(found) < 3:
                ask("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40P01'; END $$")

        with behind_wall({ours.supplier_id}):
            lose_twice()

        assert found == [[ours.id]] * 3

    def test_rows_that_come_in_pieces_are_ones_own(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            assert [account.id for account in Account.objects.iterator(chunk_size=1)] == [ours.id]
            with transaction.atomic():
                assert [account.id for account in Account.objects.iterator(chunk_size=1)] == [ours.id]

    def test_others_on_their_own_connections_are_not_behind_it(self, ours: Account, theirs: Account) -> None:
        found: list[list[int]] = []

        def look() -> None:
            found.append(seen())
            connection.close()

        with behind_wall({ours.supplier_id}):
            another = Thread(target=look)
            another.start()
            another.join()

        assert found == [[ours.id, theirs.id]]

    def test_a_connection_that_was_lost_comes_back_behind_the_wall(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            seen()
            connection.close()
            assert seen() == [ours.id]

    def test_a_dead_connection_is_an_error_of_the_database_as_everywhere(self, ours: Account) -> None:
        with behind_wall({ours.supplier_id}):
            seen()
            connection.connection.close()
            with pytest.raises(OperationalError), transaction.atomic():
                seen()
            connection.close()

    def test_a_search_may_look_over_the_wall_and_comes_back(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            with outside_wall():
                assert seen() == [ours.id, theirs.id]
            assert seen() == [ours.id]
            with transaction.atomic():
                assert seen() == [ours.id]
                with outside_wall():
                    assert seen() == [ours.id, theirs.id]
                assert seen() == [ours.id]
                with pytest.raises(ProgrammingError), transaction.atomic(), outside_wall():
                    ask("SELECT nothing FROM nowhere")
                assert seen() == [ours.id]

    def test_what_lets_people_in_is_closed_to_the_office(self, ours: Account) -> None:
        with behind_wall(None), pytest.raises(ProgrammingError, match="permission denied"):
            ask("SELECT token_hash FROM people_passwordreset")


class TestInATransactionThatIsOpen:
    """As tests of views do it: the wall is entered in the middle, and left there."""

    pytestmark = pytest.mark.django_db

    def test_it_holds_from_there_to_the_end_of_the_block(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            assert seen() == [ours.id]
        assert seen() == [ours.id, theirs.id]

    def test_one_who_was_somebody_else_is_that_again(self, ours: Account) -> None:
        ask("SELECT set_config('role', 'kabinet_web', true)")

        with behind_wall({ours.supplier_id}):
            assert ask(PLACE) == ("kabinet_office", str(ours.supplier_id))

        assert ask(PLACE) == ("kabinet_web", "")

    def test_what_was_rolled_back_meanwhile_changes_nothing(self, ours: Account, theirs: Account) -> None:
        with behind_wall({ours.supplier_id}):
            with pytest.raises(ProgrammingError), transaction.atomic():
                ask("SELECT nothing FROM nowhere")
            assert seen() == [ours.id]
        assert seen() == [ours.id, theirs.id]


def test_there_is_no_wall_within_a_wall(db: None) -> None:
    with behind_wall([1]), pytest.raises(RuntimeError), behind_wall([2]):
        pass


def test_outside_of_the_office_there_is_nothing_to_look_over(db: None) -> None:
    account = make_account()

    with outside_wall():
        assert seen() == [account.id]
