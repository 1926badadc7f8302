"""`python -m bench.office.run TRIES`: read lists of an office, count its figures, check its trail; print times as JSON.

Each thing has a peer, measured at the same moment: a page of a list one look-up by number, a count the plain counts of
the tables that it reads, the check of the trail reading all of it.
"""

import datetime as dt
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import django

NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)
LOOK_UP = "look-up"
LAST_PAGE = 99 * 30
COUNTED = ("charges_charge", "ledger_bookbalance", "meters_reading", "meters_meterscale")

Page = tuple[list[int] | None, Callable[[], Any]]
"""The suppliers that its reader sees, and its query."""


took: dict[str, list[float]] = defaultdict(list)
OWN = [0]


def measured(name: str, ask: Callable[[], Any]) -> None:
    began = time.perf_counter()
    ask()
    took[name].append(1000 * (time.perf_counter() - began))


def main() -> None:
    django.setup()
    from bench.office.world import MANAGER  # noqa: PLC0415 - settings first
    from bench.search.world import HELPDESK  # noqa: PLC0415
    from kabinet.accounts.models import Account  # noqa: PLC0415
    from kabinet.common.wall import behind_wall  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415

    manager, helpdesk = User.objects.get(email=MANAGER), User.objects.get(email=HELPDESK)
    supplier_id: Any = StaffRole.objects.get(user=manager).supplier_id
    number = Account.objects.filter(supplier_id=supplier_id)[:1].get().number
    pages = {**_payments(manager, helpdesk, number), **_trail(manager, supplier_id), **_readings(manager)}
    own = [supplier_id]
    for _ in range(int(sys.argv[1])):
        for name, (supplier_ids, ask) in pages.items():
            with behind_wall(own):
                measured(LOOK_UP, lambda: Account.objects.get(supplier_id=supplier_id, number=number))
            with behind_wall(own if supplier_ids == OWN else supplier_ids):
                measured(name, ask)
    _count(supplier_id)
    _seal()
    json.dump(took, sys.stdout)


def _payments(manager: Any, helpdesk: Any, number: str) -> dict[str, Page]:
    from kabinet.payments.queries.office import PaymentFilter, desk, money_by_day, payments_for_staff  # noqa: PLC0415

    today, some_day = NOW.date(), dt.date(2026, 3, 1)

    def page(member: Any = manager, order_by: str = "-created", offset: int = 0, **wanted: Any) -> Page:
        sought = PaymentFilter(**wanted)
        ask = partial(payments_for_staff, sought, visible_to=member, order_by=order_by, limit=31, offset=offset)
        return (OWN if member is manager else None), ask

    return {
        "payments": page(),
        "payments, last page": page(offset=LAST_PAGE),
        "payments, oldest first": page(order_by="created"),
        "payments, greatest first": page(order_by="-amount"),
        "payments, failed": page(state="failed"),
        "payments, failed, greatest first": page(state="failed", order_by="-amount"),
        "payments, open, last page": page(state="open", offset=LAST_PAGE),
        "payments, open, greatest first": page(state="open", order_by="-amount"),
        "payments, a day": page(started_on=some_day),
        "payments, a day, greatest first": page(started_on=some_day, order_by="-amount"),
        "payments, a day, failed": page(started_on=some_day, state="failed"),
        "payments, needs a person": page(needs_person=True),
        "payments, needs a person, greatest first": page(needs_person=True, order_by="-amount"),
        "payments, of an account": page(text=number),
        "payments, of a number that is not there": page(text="nothing"),
        "payments, all suppliers": page(helpdesk),
        "payments, all suppliers, greatest first": page(helpdesk, order_by="-amount"),
        "first page, what waits": (OWN, partial(desk, today, visible_to=manager)),
        "first page, money by day": (OWN, partial(money_by_day, today, visible_to=manager)),
    }


def _trail(manager: Any, supplier_id: int) -> dict[str, Page]:
    from kabinet.audit.queries import TrailFilter, people_of, trail  # noqa: PLC0415

    own = [supplier_id]

    def page(supplier_ids: Any = own, order_by: str = "-at", offset: int = 0, **wanted: Any) -> Page:
        sought = TrailFilter(**wanted)
        ask = partial(trail, sought, supplier_ids=supplier_ids, order_by=order_by, limit=31, offset=offset)
        return (OWN if supplier_ids else None), ask

    return {
        "trail": page(),
        "trail, last page": page(offset=LAST_PAGE),
        "trail, oldest first": page(order_by="at"),
        "trail, a frequent act": page(action="account.viewed"),
        "trail, a rare act": page(action="staff_role.granted"),
        "trail, an act that nobody did": page(action="notice.sent"),
        "trail, a person": page(actor_id=manager.pk),
        "trail, a person who did nothing": page(actor_id=0),
        "trail, a kind of thing": page(subject="account"),
        "trail, a thing that is not there": page(subject="account:0"),
        "trail, a kind that is not there": page(subject="notice"),
        "trail, a day": page(since=NOW - dt.timedelta(days=100), until=NOW - dt.timedelta(days=99)),
        "trail, all suppliers": page(None),
        "trail, all suppliers, a rare act": page(None, action="staff_role.granted"),
        "trail, people to choose from": (OWN, partial(people_of, own)),
    }


def _readings(manager: Any) -> dict[str, Page]:
    from kabinet.meters.queries.queue import waiting_readings  # noqa: PLC0415

    def page(order_by: str, offset: int = 0) -> Page:
        return OWN, partial(waiting_readings, visible_to=manager, order_by=order_by, limit=31, offset=offset)

    return {
        "readings that wait": page("submitted"),
        "readings that wait, last page": page("submitted", LAST_PAGE),
        "readings that wait, by volume": page("-volume"),
        "readings that wait, by account": page("account"),
    }


def _count(supplier_id: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from kabinet.charges.usecases.count_figures import count_figures  # noqa: PLC0415
    from kabinet.common.db import without_time_limit  # noqa: PLC0415
    from kabinet.common.wall import behind_wall  # noqa: PLC0415
    from kabinet.notices.queries import reach  # noqa: PLC0415
    from kabinet.notices.rules import Audience  # noqa: PLC0415

    audiences = {
        "everybody": Audience(),
        "a street": Audience(street="Ленина"),
        "a debt": Audience(owes_from_rub=Decimal(500)),
        "no readings": Audience(unread_since=dt.date(2026, 11, 20)),
        "verification": Audience(verification_until=dt.date(2026, 12, 1)),
    }

    def counts(*tables: str) -> None:
        with without_time_limit(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE supplier_id = %s", [supplier_id])  # noqa: S608

    for _ in range(3):
        measured("peer of reach", partial(counts, "accounts_account"))
        with behind_wall([supplier_id]):
            for name, audience in audiences.items():
                measured(f"reach, {name}", partial(reach, supplier_id, audience))
        measured("peer of figures", partial(counts, *COUNTED))
        measured("figures", partial(count_figures, supplier_id=supplier_id, now=NOW))


def _seal() -> None:
    from kabinet.audit.models import Entry  # noqa: PLC0415
    from kabinet.audit.queries.chain import broken_seals  # noqa: PLC0415
    from kabinet.audit.usecases.seal_trail import seal_trail  # noqa: PLC0415
    from kabinet.common.db import without_time_limit  # noqa: PLC0415

    def read_all() -> None:
        for _entry in Entry.objects.order_by("id").values_list().iterator(chunk_size=2000):
            pass

    with without_time_limit():
        measured("peer of the trail", read_all)
    measured("trail, sealing", partial(seal_trail, now=NOW + dt.timedelta(days=1)))
    with without_time_limit():
        measured("trail, checking", broken_seals)


if __name__ == "__main__":
    main()
