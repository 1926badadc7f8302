"""Staff choose how files leave: in which shape, when, to where."""

import datetime as dt

import asyncssh
import pytest

from kabinet.audit.models import Entry
from kabinet.common.errors import NotFound
from kabinet.common.testing import NOW
from kabinet.people.queries.staff import NotAllowed
from kabinet.registers.models import Dispatch
from kabinet.registers.queries import dispatch_card, dispatches_of
from kabinet.registers.queries.dispatches import due_dispatches
from kabinet.registers.usecases import save_dispatch as module
from kabinet.registers.usecases.save_dispatch import save_dispatch
from kabinet.suppliers.tests.factories import make_supplier
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db

SFTP = {"way": "sftp", "host": "sftp.example.ru", "user_name": "kabinet", "secret": "correct horse"}


@pytest.fixture
def supplier():
    return make_supplier(billing="external")


def save(supplier, kind="payments", actor=None, now=NOW, **values):
    plain = {
        "container": "csv",
        "encoding": "utf-8-sig",
        "rhythm": "by_hand",
        "weekday": 0,
        "month_day": 1,
        "hour": 1,
        "since": None,
        "contacts_basis": "",
        "way": "download",
        "host": "",
        "port": 22,
        "user_name": "",
        "folder": "",
        "secret": "",
        "email": "",
    }
    return save_dispatch(supplier_id=supplier.id, kind=kind, actor=actor, now=now, **(plain | values))


def test_what_was_chosen_is_shown_and_noted_without_the_secret(supplier):
    staff = make_staff_of(supplier, role="accountant")

    save(supplier, actor=staff, **SFTP, folder="upload", rhythm="daily", hour=3)

    card = dispatch_card(supplier.id, "payments")
    assert (card.is_set, card.way, card.host, card.folder, card.hour) == (True, "sftp", "sftp.example.ru", "upload", 3)
    assert (card.has_secret, card.needs_host_key, card.changed_by) == (True, True, staff.email)
    stored = Dispatch.objects.get()
    assert "correct horse" not in stored.sealed_secret
    assert stored.secret == "correct horse"
    assert "correct horse" not in str(Entry.objects.get(action="dispatch.saved").details)


def test_a_schedule_begins_with_its_next_day(supplier):
    save(supplier, rhythm="daily", hour=1)

    assert due_dispatches(NOW) == []
    assert due_dispatches(NOW + dt.timedelta(days=1)) == [(supplier.id, "payments")]


@pytest.mark.parametrize(
    ("kind", "values", "refusal"),
    [
        ("readings", {"container": "one_c"}, module.ShapeUnfit),
        ("payments", {"weekday": 7}, module.DayUnfit),
        ("payments", {"month_day": 0}, module.DayUnfit),
        ("payments", {"hour": 24}, module.DayUnfit),
        ("contacts", {"contacts_basis": " "}, module.BasisMissing),
        ("contacts", {"contacts_basis": "№ 7", "way": "email", "email": "a@b.example"}, module.LettersHoldNoContacts),
        ("attachments", {"way": "email", "email": "a@b.example"}, module.LettersHoldNoContacts),
        ("payments", {"way": "email"}, module.AddressMissing),
        ("payments", {**SFTP, "host": ""}, module.ServerMissing),
        ("payments", {**SFTP, "user_name": " "}, module.ServerMissing),
        ("payments", {**SFTP, "host": "-oProxyCommand=x"}, module.ServerUnfit),
        ("payments", {**SFTP, "port": 0}, module.ServerUnfit),
        ("payments", {**SFTP, "folder": "../etc"}, module.FolderUnfit),
        ("payments", {**SFTP, "secret": ""}, module.SecretMissing),
        ("payments", {**SFTP, "secret": "-----BEGIN OPENSSH PRIVATE KEY-----\nx"}, module.SecretUnreadable),
    ],
)
def test_what_cannot_work_is_refused(supplier, kind, values, refusal):
    with pytest.raises(refusal):
        save(supplier, kind, **values)

    assert not Dispatch.objects.exists()


def test_a_former_secret_stays_for_its_server_and_name_alone(supplier):
    save(supplier, **SFTP)
    save(supplier, **(SFTP | {"secret": "", "folder": "other"}))
    assert Dispatch.objects.get().secret == "correct horse"

    for other in ({"host": "evil.example"}, {"port": 2222}, {"user_name": "root"}):
        with pytest.raises(module.SecretMissing):
            save(supplier, **(SFTP | {"secret": ""} | other))


def test_another_server_has_to_be_recognised_anew(supplier):
    save(supplier, **SFTP)
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    Dispatch.objects.update(host_key=key)
    save(supplier, **(SFTP | {"folder": "other"}))
    assert not dispatch_card(supplier.id, "payments").needs_host_key

    save(supplier, **(SFTP | {"host": "other.example.ru"}))

    assert dispatch_card(supplier.id, "payments").needs_host_key


def test_a_supplier_that_is_billed_here_gets_all_but_payments():
    supplier = make_supplier(billing="kabinet")

    assert [card.kind for card in dispatches_of(supplier.id)] == ["readings", "attachments", "contacts"]
    with pytest.raises(NotFound):
        save(supplier)


def test_staff_without_the_right_change_nothing(supplier):
    with pytest.raises(NotAllowed):
        save(supplier, actor=make_staff_of(supplier, role="manager"))
    with pytest.raises(NotFound):
        save(supplier, actor=make_staff_of(make_supplier(), role="accountant"))

    assert not Dispatch.objects.exists()
