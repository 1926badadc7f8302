"""A supplier tells its customers something: written, looked at again, sent in batches, stopped."""

import datetime as dt
import threading
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.accounts.models import AccountAccess
from kabinet.accounts.tests.factories import make_access, make_account
from kabinet.audit.models import Entry
from kabinet.charges.tests.factories import make_charge
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.meters.tests.factories import make_meter, make_reading
from kabinet.notices import queries
from kabinet.notices.models import Notice, NoticeAccount, NoticeLetter
from kabinet.notices.rules import Audience
from kabinet.notices.tests.factories import make_manager, make_notice
from kabinet.notices.usecases import send_batch as batches
from kabinet.notices.usecases.choose_letters import choose_letters
from kabinet.notices.usecases.delete_notice import delete_notice
from kabinet.notices.usecases.resume_notices import resume_notices
from kabinet.notices.usecases.save_notice import AlreadySent, BannerDaysWrong, NoWay, Wording, save_notice
from kabinet.notices.usecases.send_batch import send_batch
from kabinet.notices.usecases.send_notice import BannerOver, NobodyToTell, ReachChanged, Rewritten, send_notice
from kabinet.notices.usecases.stop_notice import stop_notice
from kabinet.notices.usecases.try_notice import try_notice
from kabinet.people.queries.staff import NotAllowed
from kabinet.people.tests.factories import make_user
from kabinet.suppliers.models import Service
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def supplier():
    return make_supplier()


@pytest.fixture
def manager(supplier):
    return make_manager(supplier)


def wording(**values):
    defaults = {
        "subject": "Перерыв в подаче газа",
        "text": "25 ноября газа не будет.",
        "audience": Audience(),
        "has_letter": True,
        "has_banner": False,
        "shown_from": None,
        "shown_until": None,
        "is_mandatory": False,
    }
    return Wording(**(defaults | values))


def save(supplier, actor, *, notice_id=None, request_id=None, **values):
    return save_notice(
        supplier_id=supplier.id,
        notice_id=notice_id,
        wording=wording(**values),
        request_id=request_id or uuid4(),
        actor=actor,
        now=NOW,
    )


def send(notice, actor, *, seen=None):
    if seen is None:
        seen = queries.reach(notice.supplier_id, Audience.from_json(notice.audience)).accounts_count
    return send_notice(
        supplier_id=notice.supplier_id,
        notice_id=notice.id,
        seen_written_at=notice.written_at,
        seen_accounts=seen,
        actor=actor,
        now=NOW,
    )


def go_through(notice):
    """Do what the worker does, to the end; say how many batches there were."""
    count = 1
    while send_batch(supplier_id=notice.supplier_id, notice_id=notice.id, now=NOW):
        count += 1
    notice.refresh_from_db()
    return count


def asked_letters():
    jobs = ProcrastinateJob.objects.filter(task_name="letters.send_notice").order_by("id")
    return [job.args["user_id"] for job in jobs]


def actions():
    return [entry.action for entry in Entry.objects.order_by("id")]


# --- Writing ----------------------------------------------------------------------------------------------------------


def test_a_draft_goes_to_nobody_and_may_be_changed(supplier, manager):
    notice = save(supplier, manager, request_id=UUID(int=7))
    assert save(supplier, manager, request_id=UUID(int=7)) == notice
    save(supplier, manager, notice_id=notice.id, subject="Газа\nне будет", audience=Audience(locality="Тосно"))

    notice.refresh_from_db()
    assert (notice.subject, notice.audience, notice.state) == ("Газа не будет", {"locality": "Тосно"}, "draft")
    assert not asked_letters()
    assert actions() == ["notice.written"] * 2


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_draft():
    supplier = make_supplier()
    manager = make_manager(supplier)
    barrier, saved = threading.Barrier(2), []

    def press():
        try:
            barrier.wait(timeout=30)
            saved.append(save(supplier, manager, request_id=UUID(int=7)).id)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert saved == [Notice.objects.get().id] * 2
    assert actions() == ["notice.written"]


def test_it_has_to_go_some_way(supplier, manager):
    with pytest.raises(NoWay):
        save(supplier, manager, has_letter=False)

    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("first", "until"),
    [(None, TODAY), (TODAY, None), (TODAY, TODAY), (TODAY, TODAY - dt.timedelta(days=1))],
)
def test_in_the_cabinet_it_is_shown_for_a_day_at_least(supplier, manager, first, until):
    with pytest.raises(BannerDaysWrong):
        save(supplier, manager, has_banner=True, shown_from=first, shown_until=until)


def test_days_of_a_letter_alone_are_not_kept(supplier, manager):
    notice = save(supplier, manager, shown_from=TODAY, shown_until=TODAY + dt.timedelta(days=1))

    assert (notice.shown_from, notice.shown_until) == (None, None)


def test_what_was_sent_is_neither_changed_nor_deleted(supplier, manager):
    notice = make_notice(supplier, state="sending")

    with pytest.raises(AlreadySent):
        save(supplier, manager, notice_id=notice.id)
    with pytest.raises(AlreadySent):
        delete_notice(supplier_id=supplier.id, notice_id=notice.id, actor=manager, now=NOW)


def test_a_draft_is_deleted(supplier, manager):
    notice = make_notice(supplier)

    delete_notice(supplier_id=supplier.id, notice_id=notice.id, actor=manager, now=NOW)

    assert not Notice.objects.exists()
    with pytest.raises(NotFound):
        delete_notice(supplier_id=supplier.id, notice_id=notice.id, actor=manager, now=NOW)


def test_only_managers_of_the_supplier_write_send_and_stop(supplier, manager):
    notice, support, stranger = make_notice(supplier), make_staff_of(supplier), make_manager(make_supplier())

    for actor, refusal in ((support, NotAllowed), (stranger, NotFound), (make_user(), NotFound)):
        for act in (
            lambda actor=actor: save(supplier, actor),
            lambda actor=actor: send(notice, actor, seen=1),
            lambda actor=actor: stop_notice(supplier_id=supplier.id, notice_id=notice.id, actor=actor, now=NOW),
            lambda actor=actor: delete_notice(supplier_id=supplier.id, notice_id=notice.id, actor=actor, now=NOW),
            lambda actor=actor: try_notice(supplier_id=supplier.id, notice_id=notice.id, actor=actor),
            lambda actor=actor: queries.notice_card(supplier.id, notice.id, visible_to=actor),
        ):
            with pytest.raises(refusal):
                act()
        assert queries.notices_for_staff(visible_to=actor, limit=10) == []
    with pytest.raises(NotFound):
        queries.notice_card(make_supplier().id, notice.id, visible_to=manager)


# --- To whom ----------------------------------------------------------------------------------------------------------


def reached(supplier, **audience):
    wanted = Audience(**audience)
    ids = queries.next_accounts(supplier.id, wanted, after_id=0, limit=100)
    assert queries.reach(supplier.id, wanted).accounts_count == len(ids)
    return ids


def test_everybody_is_every_open_account_of_the_supplier(supplier):
    first, second = make_account(supplier), make_account(supplier)
    make_account(supplier, closed_on=dt.date(2026, 1, 1))
    make_account()

    assert reached(supplier) == [first.id, second.id]


def test_a_place_is_found_by_a_part_of_its_name(supplier):
    here = make_account(supplier, locality="г. Тосно", street_address="ул. Лётная, д. 7")
    make_account(supplier, locality="г. Тосно", street_address="ул. Ленина, д. 7")
    make_account(supplier, locality="г. Любань", street_address="ул. Лётная, д. 7")

    assert reached(supplier, locality="тосно", street="летная") == [here.id]
    assert reached(supplier, street="%") == []


def test_who_owes_enough_over_all_services(supplier):
    debtor, other = make_account(supplier), make_account(supplier)
    maintenance = Service.objects.create(supplier=supplier, code="maintenance", name="Обслуживание")
    make_charge(debtor, "600.00")
    make_charge(debtor, "400.00", service=maintenance)
    make_charge(other, "999.99")

    assert reached(supplier, owes_from_rub=Decimal("1000.00")) == [debtor.id]
    assert reached(supplier, owes_from_rub=Decimal("1000.01")) == []


@pytest.mark.parametrize(("until", "count"), [("2026-12-30", 0), ("2026-12-31", 1)])
def test_whose_verification_ends(supplier, until, count):
    make_meter(make_account(supplier), verification_due_on=dt.date(2026, 12, 31))
    make_meter(make_account(supplier), verification_due_on=dt.date(2026, 1, 1), removed_on=dt.date(2026, 2, 1))
    make_meter(make_account(supplier), verification_due_on=None)

    assert len(reached(supplier, verification_until=dt.date.fromisoformat(until))) == count


def test_whose_meter_nobody_has_read(supplier):
    unread = make_meter(make_account(supplier), on="2026-10-25")
    make_reading(make_meter(make_account(supplier), on="2026-10-25"), "1300", on="2026-11-01")
    rejected = make_meter(make_account(supplier), on="2026-10-25")
    make_reading(rejected, "9000", on="2026-11-20", status="rejected")

    assert reached(supplier, unread_since=dt.date(2026, 11, 1)) == [unread.account_id, rejected.account_id]


def test_a_second_look_says_how_many(supplier):
    both, one = make_account(supplier), make_account(supplier, number="702062012")
    make_account(supplier)
    anna, oleg = make_user(), make_user()
    make_access(anna, both)
    make_access(anna, one)
    make_access(oleg, one)
    make_access(make_user(is_active=False), one)
    choose_letters(wanted=False, actor=oleg, now=NOW)

    reach = queries.reach(supplier.id, Audience())

    assert (reach.accounts_count, reach.attached_count, reach.people_count, reach.declined_count) == (3, 2, 2, 1)
    assert reach.letters_count(is_mandatory=False) == 1
    assert reach.letters_count(is_mandatory=True) == 2
    assert len(reach.examples) == 3


# --- Sending ----------------------------------------------------------------------------------------------------------


def test_each_person_gets_one_letter_however_many_accounts_they_have(supplier, manager):
    anna, oleg = make_user(), make_user()
    for user in (anna, anna, oleg):
        make_access(user, make_account(supplier))
    make_access(make_user(), make_account())  # of another supplier
    notice = make_notice(supplier)

    send(notice, manager)
    go_through(notice)

    assert sorted(asked_letters()) == sorted([anna.pk, oleg.pk])
    assert (notice.state, notice.accounts_count, notice.letters_count, notice.sent_at) == ("sent", 3, 2, NOW)
    assert not NoticeAccount.objects.exists()
    assert "notice.sent" in actions()


def test_sent_twice_it_is_sent_once(supplier, manager):
    make_access(make_user(), make_account(supplier))
    notice = make_notice(supplier)

    send(notice, manager)
    send(notice, manager)
    go_through(notice)
    go_through(notice)

    assert len(asked_letters()) == 1
    assert actions().count("notice.sent") == 1


def test_batches_go_on_where_the_last_one_ended(supplier, manager, monkeypatch):
    monkeypatch.setattr(batches, "ACCOUNTS_OF_A_BATCH", 2)
    user = make_user()
    for _number in range(5):
        make_access(user, make_account(supplier))
    notice = make_notice(supplier, audience={"street": "а"})
    accounts_count = len(reached(supplier, street="а"))

    send(notice, manager)
    count = go_through(notice)

    assert count == accounts_count // 2 + 1
    assert NoticeAccount.objects.filter(notice=notice).count() == notice.accounts_count == accounts_count
    assert NoticeLetter.objects.count() == notice.letters_count == 1


def test_who_wants_no_letters_gets_only_what_the_law_asks_for(supplier, manager):
    user = make_user()
    make_access(user, make_account(supplier))
    choose_letters(wanted=False, actor=user, now=NOW)
    usual, mandatory = make_notice(supplier), make_notice(supplier, is_mandatory=True)

    for notice in (usual, mandatory):
        send(notice, manager)
        go_through(notice)

    assert (usual.letters_count, mandatory.letters_count) == (0, 1)
    assert queries.notice_letter(supplier.id, usual.id, user.pk) is None
    assert queries.notice_letter(supplier.id, mandatory.id, user.pk) is not None


def test_letters_may_be_wanted_again(supplier):
    user = make_user()
    choose_letters(wanted=False, actor=user, now=NOW)
    choose_letters(wanted=False, actor=user, now=NOW)
    assert queries.declines_letters(user.pk)

    choose_letters(wanted=True, actor=user, now=NOW)
    choose_letters(wanted=True, actor=user, now=NOW)

    assert not queries.declines_letters(user.pk)
    assert actions() == ["letters.declined", "letters.wanted"]


def test_nobody_to_tell_is_said(supplier, manager):
    notice = make_notice(supplier, audience={"locality": "Тосно"})

    with pytest.raises(NobodyToTell):
        send(notice, manager)

    notice.refresh_from_db()
    assert notice.state == "draft"


def test_another_audience_than_the_one_that_was_seen_is_looked_at_again(supplier, manager):
    for _number in range(10):
        make_account(supplier)
    notice = make_notice(supplier)

    with pytest.raises(ReachChanged):
        send(notice, manager, seen=9)
    send(notice, manager, seen=10)

    notice.refresh_from_db()
    assert notice.state == "sending"


def test_what_a_colleague_has_rewritten_meanwhile_is_read_again(supplier, manager):
    make_account(supplier)
    seen = make_notice(supplier)
    Notice.objects.filter(id=seen.id).update(text="Газа не будет неделю.", written_at=NOW + dt.timedelta(seconds=1))

    with pytest.raises(Rewritten):
        send(seen, manager)

    seen.refresh_from_db()
    assert seen.state == "draft"
    send(seen, manager)


def test_a_banner_whose_days_are_over_is_not_sent(supplier, manager):
    make_account(supplier)
    days = {"has_banner": True, "shown_from": TODAY - dt.timedelta(days=3)}

    with pytest.raises(BannerOver):
        send(make_notice(supplier, **days, shown_until=TODAY), manager)
    send(make_notice(supplier, **days, shown_until=TODAY + dt.timedelta(days=1)), manager)


def test_a_stopped_notice_sends_nothing_more_and_is_shown_no_more(supplier, manager):
    account, user = make_account(supplier), make_user()
    make_access(user, account)
    notice = make_notice(supplier, has_banner=True, shown_from=TODAY, shown_until=TODAY + dt.timedelta(days=3))
    send(notice, manager)
    assert len(queries.banners(supplier.id, account.id, today=TODAY)) == 1

    for _press in range(2):
        stop_notice(supplier_id=supplier.id, notice_id=notice.id, actor=manager, now=NOW)
    go_through(notice)

    assert (notice.state, asked_letters()) == ("stopped", [])
    assert queries.banners(supplier.id, account.id, today=TODAY) == []
    assert queries.notice_letter(supplier.id, notice.id, user.pk) is None
    assert actions().count("notice.stopped") == 1


def test_what_a_job_has_left_is_asked_for_again(supplier, manager):
    make_account(supplier)
    notice = make_notice(supplier)
    send(notice, manager)
    jobs = ProcrastinateJob.objects.filter(task_name="notices.send_batches")
    assert jobs.count() == 1

    resume_notices()
    assert jobs.count() == 1
    go_through(notice)
    resume_notices()
    assert jobs.count() == 1


def test_a_sample_goes_to_its_writer_alone(supplier, manager):
    notice = make_notice(supplier)

    try_notice(supplier_id=supplier.id, notice_id=notice.id, actor=manager)

    assert asked_letters() == [manager.pk]
    assert queries.notice_letter(supplier.id, notice.id, manager.pk) is None
    assert queries.notice_letter(supplier.id, notice.id, manager.pk, is_sample=True).subject == notice.subject


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_write_to_nobody_twice(monkeypatch):
    monkeypatch.setattr(batches, "ACCOUNTS_OF_A_BATCH", 3)
    supplier = make_supplier()
    for _number in range(4):
        user = make_user()
        for _account in range(2):
            make_access(user, make_account(supplier))
    notice = make_notice(supplier)
    send(notice, make_manager(supplier))

    def work():
        try:
            while send_batch(supplier_id=supplier.id, notice_id=notice.id, now=NOW):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    notice.refresh_from_db()
    assert (notice.state, notice.accounts_count, notice.letters_count) == ("sent", 8, 4)
    assert len(asked_letters()) == len(set(asked_letters())) == 4


# --- In the cabinet ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "is_shown"), [("2026-11-21", False), ("2026-11-22", True), ("2026-11-24", True), ("2026-11-25", False)]
)
def test_the_cabinet_shows_it_from_its_first_day_to_its_last(supplier, today, is_shown):
    account = make_account(supplier)
    make_notice(
        supplier, state="sent", has_banner=True, shown_from=dt.date(2026, 11, 22), shown_until=dt.date(2026, 11, 25)
    )

    assert bool(queries.banners(supplier.id, account.id, today=dt.date.fromisoformat(today))) is is_shown


def test_it_is_shown_to_those_whom_it_is_for_and_what_must_be_known_first(supplier, manager):
    here, elsewhere = make_account(supplier, locality="Тосно"), make_account(supplier, locality="Любань")
    days = {"has_banner": True, "shown_from": TODAY, "shown_until": TODAY + dt.timedelta(days=2)}
    of_place = make_notice(supplier, audience={"locality": "Тосно"}, subject="В Тосно", **days)
    send(of_place, manager)
    go_through(of_place)
    make_notice(supplier, subject="Цена", state="sent", is_mandatory=True, **days)
    make_notice(supplier, subject="Черновик", **days)

    assert [banner.subject for banner in queries.banners(supplier.id, here.id, today=TODAY)] == ["Цена", "В Тосно"]
    assert [banner.subject for banner in queries.banners(supplier.id, elsewhere.id, today=TODAY)] == ["Цена"]


def test_a_letter_names_the_readers_accounts_that_it_is_for(supplier, manager):
    user = make_user()
    for number, locality in (("702062012", "Тосно"), ("702062013", "Любань")):
        make_access(user, make_account(supplier, number=number, locality=locality))
    notice = make_notice(supplier, audience={"locality": "Тосно"})
    send(notice, manager)
    go_through(notice)

    assert queries.notice_letter(supplier.id, notice.id, user.pk).account_numbers == ("702062012",)
    AccountAccess.objects.filter(account__number="702062012").delete()
    assert queries.notice_letter(supplier.id, notice.id, user.pk) is None
