"""Whatever a view of the office asks for, the database gives it the rows of its staff's suppliers alone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from kabinet.accounts.models import Account
from kabinet.accounts.tests.factories import make_account
from kabinet.common.db import usecase
from kabinet.common.wall import behind_wall
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.support.models import AnswerTemplate, Message, Question
from kabinet.support.tests.factories import make_message, make_question
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


@pytest.mark.django_db
class TestQuestions:
    """Tables of support have a supplier or none: what is about a cabinet as a whole is no supplier's."""

    @pytest.fixture(autouse=True)
    def asked(self, ours: Account, theirs: Account) -> dict[str, Question]:
        author = make_user()
        found = {
            "ours": make_question(author, supplier=ours.supplier, account=ours, subject="ours"),
            "theirs": make_question(author, supplier=theirs.supplier, account=theirs, subject="theirs"),
            "nobodys": make_question(author, subject="nobodys"),
        }
        for name, question in found.items():
            make_message(question, author, text=name)
            AnswerTemplate.objects.create(supplier=question.supplier, title=name, text="…")
        return found

    @staticmethod
    def subjects(request: HttpRequest) -> HttpResponse:
        """Forget the filter, three times."""
        rows = (Question.objects.values_list("subject"), Message.objects.values_list("text"))
        found = [*rows, AnswerTemplate.objects.values_list("title")]
        return HttpResponse("; ".join(",".join(sorted(name for (name,) in each)) for each in found))

    def test_staff_of_a_supplier_meet_its_own_and_none_that_is_nobodys(self, ours: Account) -> None:
        member = make_member("support", ours.supplier)

        assert visit(self.subjects, member).content == b"ours; ours; ours"

    def test_the_help_desk_meets_them_all(self) -> None:
        each = b"nobodys,ours,theirs"

        assert visit(self.subjects, make_member("helpdesk")).content == b"; ".join([each] * 3)

    @pytest.mark.parametrize("whose", ["theirs", "nobodys"])
    def test_nothing_is_said_in_a_question_behind_the_wall(
        self, whose: str, ours: Account, asked: dict[str, Question]
    ) -> None:
        support = make_member("support", ours.supplier)

        with behind_wall({ours.supplier_id}):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                make_message(asked[whose], support, kind="staff")
            make_message(asked["ours"], support, kind="staff")
            assert Question.objects.filter(pk=asked[whose].pk).update(subject="mine") == 0

        assert Message.objects.filter(question=asked[whose]).count() == 1
