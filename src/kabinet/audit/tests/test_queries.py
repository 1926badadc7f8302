"""What was done is found by person, by thing and by day, and read in words."""

import datetime as dt
from typing import Any

import pytest

from kabinet.audit import operations as audit
from kabinet.audit.models import Entry
from kabinet.audit.queries import ACTIONS, EntryRow, Person, TrailFilter, history_of, people_of, trail
from kabinet.audit.queries import details as particulars
from kabinet.common.origin import Origin, coming_from
from kabinet.common.testing import NOW
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user

pytestmark = pytest.mark.django_db

OURS, THEIRS = 1, 2
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def colleague() -> User:
    return make_user(is_staff=True, given_name="Анна", surname="Котова")


def note(action: str = "account.closed", **values: Any) -> None:
    audit.note(**({"action": action, "actor": None, "now": NOW, "supplier_id": OURS, "subject": "account:17"} | values))


def find(supplier_ids: list[int] | None = None, **wanted: Any) -> list[EntryRow]:
    return trail(TrailFilter(**wanted), supplier_ids=supplier_ids, order_by="-at", limit=10, offset=0)


def test_an_entry_reads_as_a_sentence(colleague: User) -> None:
    with coming_from(Origin(ip="192.0.2.7", request_id="abc")):
        note(actor=colleague, details={"last_day": "2026-11-30", "unread_meters": [3, 4], "reason": ""})

    [row] = find()

    assert (row.actor, row.actor_id, row.text) == ("Анна Котова", colleague.pk, "Лицевой счёт закрыт")
    assert (row.subject, row.subject_key, row.supplier_id) == ("лицевой счёт 17", "account:17", OURS)
    assert row.details == [("последний день", "30.11.2026"), ("без показаний счётчики", "3, 4")]
    assert (row.at, row.ip, row.request_id) == (NOW, "192.0.2.7", "abc")


def test_a_customer_is_not_named_and_neither_is_their_address() -> None:
    with coming_from(Origin(ip="192.0.2.7", request_id="abc")):
        note("account.attached", actor=make_user(given_name="Иван"))

    [row] = find()

    assert (row.actor, row.actor_id, row.ip) == ("Абонент", None, "")


def test_what_nobody_did_was_done_by_the_portal_and_an_erased_cabinet_has_no_name() -> None:
    gone = make_user()
    note("account.attached", actor=gone)
    note(now=NOW + HOUR)
    User.objects.filter(pk=gone.pk).delete()

    assert [row.actor for row in find()] == ["Портал", "Удалённый кабинет"]


def test_who_was_staff_when_it_was_done_keeps_the_name(colleague: User) -> None:
    note("staff_role.granted", subject=f"user:{colleague.pk}")
    note(actor=colleague, now=NOW + HOUR)
    colleague.is_staff = False
    colleague.save()

    assert find(action="account.closed")[0].actor == "Анна Котова"


def test_a_supplier_sees_its_own_and_the_installation_sees_all() -> None:
    for supplier_id in (OURS, THEIRS, None):
        note(supplier_id=supplier_id)

    assert [row.supplier_id for row in find([OURS])] == [OURS]
    assert len(find(None)) == 3
    assert find([]) == []
    assert len(find(None, supplier_id=THEIRS)) == 1
    assert find([OURS], supplier_id=THEIRS) == []


def test_it_is_found_by_person_by_thing_by_act_and_by_day(colleague: User) -> None:
    note()
    note("payment.captured", actor=colleague, subject="payment:5", now=NOW + HOUR)
    note("refund.made", actor=colleague, subject="payment:55", now=NOW + 2 * HOUR)

    def found(**wanted: Any) -> list[str]:
        return [row.action for row in find([OURS], **wanted)]

    assert found(actor_id=colleague.pk) == ["refund.made", "payment.captured"]
    assert found(subject="payment:5") == ["payment.captured"]
    assert found(subject="payment") == ["refund.made", "payment.captured"]
    assert found(action="account.closed") == ["account.closed"]
    assert found(since=NOW + HOUR, until=NOW + 2 * HOUR) == ["payment.captured"]


def test_pages_follow_each_other() -> None:
    for hour in range(3):
        note(subject=f"account:{hour}", now=NOW + hour * HOUR)

    pages = [trail(TrailFilter(), supplier_ids=None, order_by="at", limit=2, offset=offset) for offset in (0, 2)]

    assert [[row.subject_key for row in page] for page in pages] == [["account:0", "account:1"], ["account:2"]]


def test_beside_a_thing_stands_what_was_done_to_it() -> None:
    note()
    note("meter.removed", subject="meter:4", now=NOW + HOUR)
    note("meter.removed", subject="meter:40")
    note(supplier_id=THEIRS)

    assert [row.subject_key for row in history_of("account:17", "meter:4", supplier_id=OURS)] == [
        "meter:4",
        "account:17",
    ]


def test_those_who_did_something_there_are_a_choice(colleague: User) -> None:
    other = make_user(is_staff=True, given_name="Борис", surname="")
    customer = make_user()
    note(actor=colleague)
    note(actor=customer)
    note(actor=other, supplier_id=THEIRS)

    assert people_of([OURS]) == [Person(colleague.pk, "Анна Котова")]
    assert people_of(None) == [Person(colleague.pk, "Анна Котова"), Person(other.pk, "Борис")]


def test_an_act_without_words_is_not_noted() -> None:
    with pytest.raises(ValueError, match=r"what account\.eaten is called"):
        note("account.eaten")

    assert not Entry.objects.exists()


def test_every_act_has_words_of_its_own() -> None:
    words = [str(label) for label in ACTIONS.values()]

    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        ({"period": "2026-10", "for_period": ""}, [("месяц", "10.2026")]),
        ({"amount_rub": "-1018.40"}, [("сумма, ₽", "−1018,40")]),
        ({"kind": "payments", "new": 0}, [("вид", "оплаты, принятые не здесь"), ("новых", "0")]),
        ({"methods": ["password", "mfa"]}, [("чем", "пароль, второй шаг")]),
        ({"unheard_of": "as it was"}, [("unheard_of", "as it was")]),
    ],
)
def test_particulars_of_an_act_are_said_in_words(noted: dict[str, object], read: list[tuple[str, str]]) -> None:
    assert particulars.read(noted) == read
