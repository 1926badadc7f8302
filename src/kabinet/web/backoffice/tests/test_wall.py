"""Whatever a view of the office asks for, the database gives it the rows of its staff's suppliers alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.db import usecase
from kabinet.people.models import User
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.tests.factories import make_member

View = Callable[[HttpRequest], Any]


def visit(view: View, member: User) -> Any:
    request = RequestFactory().get("/office/")
    request.user = member
    return office("home")(view)(request)


def numbers(request: HttpRequest) -> HttpResponse:
    """Forget the filter."""
    return HttpResponse(" ".join(Account.objects.order_by("id").values_list("number", flat=True)))


def numbers_by_usecase(request: HttpRequest) -> HttpResponse:
    return usecase(numbers)(request)


def numbers_in_pieces(request: HttpRequest) -> StreamingHttpResponse:
    """Forget the filter, and ask when the view is over."""

    def pieces() -> Iterator[str]:
        for account in Account.objects.order_by("id"):
            yield f"{account.number} "

    return StreamingHttpResponse(pieces())


def stands_outside() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone() != ("kabinet_office",)


@pytest.fixture
def ours() -> Account:
    return make_account(number="1001")


@pytest.fixture(autouse=True)
def theirs(ours: Account) -> Account:
    return make_account(number="2002")


EVERY_WAY = pytest.mark.parametrize("view", [numbers, numbers_by_usecase, numbers_in_pieces])


@pytest.mark.django_db(transaction=True)
class TestAsInProduction:
    @EVERY_WAY
    def test_a_query_that_forgot_its_filter_gives_no_foreign_row(self, view: View, ours: Account) -> None:
        answer = visit(view, make_member("accountant", ours.supplier))

        assert answer.getvalue().split() == [b"1001"]
        assert stands_outside()

    @EVERY_WAY
    def test_staff_of_the_installation_meet_every_supplier(self, view: View) -> None:
        assert visit(view, make_member("helpdesk")).getvalue().split() == [b"1001", b"2002"]
        assert stands_outside()

    def test_roles_at_two_suppliers_open_both(self, ours: Account, theirs: Account) -> None:
        member = make_member("support", ours.supplier)
        member.staff_roles.create(supplier=theirs.supplier, role="accountant")

        assert visit(numbers, member).getvalue().split() == [b"1001", b"2002"]

    def test_an_answer_that_is_not_taken_to_its_end_leaves_nothing_behind(self, ours: Account, theirs: Account) -> None:
        make_account(ours.supplier)
        answer = visit(numbers_in_pieces, make_member("accountant", ours.supplier))

        next(iter(answer))

        assert stands_outside()
        assert Account.objects.count() == 3
        answer.close()

    def test_a_view_that_fails_leaves_nothing_behind(self, ours: Account) -> None:
        def fail(request: HttpRequest) -> HttpResponse:
            numbers(request)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            visit(fail, make_member("accountant", ours.supplier))

        assert stands_outside()
        assert Account.objects.count() == 2


@pytest.mark.django_db
class TestInATransactionOfATest:
    @EVERY_WAY
    def test_a_query_that_forgot_its_filter_gives_no_foreign_row(self, view: View, ours: Account) -> None:
        assert visit(view, make_member("accountant", ours.supplier)).getvalue().split() == [b"1001"]
        assert stands_outside()
