"""A register is delivered: into a folder on a server, or by letter; and says why when it is not."""

import datetime as dt

import pytest
from django.core import mail

from kabinet.common.testing import NOW
from kabinet.letters.tasks.outgoing import send_register_to_supplier
from kabinet.outbox.models import RecordedFact
from kabinet.registers.gateways import sftp
from kabinet.registers.models import OutgoingRegister
from kabinet.registers.queries.outgoing import to_deliver
from kabinet.registers.tests.outgoing import MORNING, Billing, make_dispatch
from kabinet.registers.tests.sftp_server import PASSWORD, Server
from kabinet.registers.usecases import deliver_register as delivering
from kabinet.registers.usecases.acknowledge_register import acknowledge_register
from kabinet.registers.usecases.ask_host_key import ServerSilent, ask_host_key
from kabinet.registers.usecases.deliver_register import deliver_register
from kabinet.registers.usecases.download_register import download_register
from kabinet.registers.usecases.resend_register import BeingSent, NowhereToSend, resend_register
from kabinet.registers.usecases.trust_host_key import AnotherKey, trust_host_key
from kabinet.support.tests.factories import make_staff_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def billing(faulty_gateway):
    return Billing(faulty_gateway())


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    running = Server(folder)
    yield running
    running.stop()


def to_server(billing, server, **values):
    """Have payments sent to a server whose key somebody has recognised."""
    key = sftp.host_key("127.0.0.1", server.port)
    given = {"way": "sftp", "host": "127.0.0.1", "port": server.port, "user_name": "kabinet", "host_key": key, **values}
    dispatch = make_dispatch(billing.supplier, **given)
    dispatch.secret = PASSWORD
    dispatch.save()
    return dispatch


def deliver(register, now=MORNING):
    return deliver_register(supplier_id=register.supplier_id, register_id=register.id, now=now)


def there(server):
    return {path.name: path.read_bytes() for path in server.folder.iterdir()}


def test_a_register_gets_into_its_folder_under_its_name(billing, server):
    to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()
    assert register.state == "waiting"

    delivered = deliver(register)

    assert (delivered.state, delivered.delivered_at, delivered.problem) == ("delivered", MORNING, "")
    assert there(server) == {f"{billing.supplier.code}_payments_00001_20261123.csv": register.path.read_bytes()}


def test_who_paid_is_told_that_the_supplier_knows_when_it_does(billing, server):
    to_server(billing, server)
    payment = billing.paid("100.00")
    register = billing.send()
    payment.refresh_from_db()
    assert payment.sent_at is None

    deliver(register)
    resend_register(
        supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING + dt.timedelta(days=1)
    )
    deliver(register, now=MORNING + dt.timedelta(days=1))

    payment.refresh_from_db()
    assert payment.sent_at == MORNING


def test_a_file_that_is_fetched_has_been_passed_on(billing):
    payment = billing.paid("100.00")
    register = billing.send()
    accountant = make_staff_of(billing.supplier, role="accountant")
    other = billing.paid("200.00")

    download_register(supplier_id=register.supplier_id, register_id=register.id, actor=accountant, now=MORNING)

    payment.refresh_from_db()
    other.refresh_from_db()
    assert (payment.sent_at, other.sent_at) == (MORNING, None)


def test_a_file_that_the_supplier_has_confirmed_has_reached_it_whoever_carried_it(billing):
    payment = billing.paid("100.00")
    register = billing.send()

    acknowledge_register(supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING)

    payment.refresh_from_db()
    assert (payment.sent_at, payment.booked_at) == (MORNING, MORNING)


def test_delivering_again_does_nothing(billing, server):
    to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()
    deliver(register)
    [collected] = server.folder.iterdir()
    collected.unlink()

    deliver(register, now=MORNING + dt.timedelta(days=1))

    assert there(server) == {}


def test_a_failure_is_said_in_words_and_tried_again_later(billing, server):
    to_server(billing, server, folder="absent")
    billing.paid("100.00")
    register = billing.send()

    failed = deliver(register)

    assert (failed.state, failed.tries_count) == ("waiting", 1)
    assert failed.problem == "такой папки на сервере нет."
    assert failed.next_try_at == MORNING + dt.timedelta(minutes=5)
    assert to_deliver(MORNING) == []
    (server.folder / "absent").mkdir()
    assert to_deliver(failed.next_try_at) == [(register.supplier_id, register.id)]
    assert deliver(register, now=failed.next_try_at).state == "delivered"


def test_after_three_days_a_person_has_to_look(billing, server):
    to_server(billing, server, folder="absent")
    billing.paid("100.00")
    register = billing.send()
    deliver(register)

    given_up = deliver(register, now=MORNING + dt.timedelta(days=3))

    assert (given_up.state, given_up.next_try_at) == ("failed", None)
    (server.folder / "absent").mkdir()
    again = resend_register(supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING)
    assert (again.state, again.tries_count) == ("waiting", 0)
    assert deliver(register).state == "delivered"


def test_a_register_that_a_worker_has_taken_is_left_to_it(billing, server, monkeypatch):
    to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()
    tried = []
    put = sftp.put

    def put_while_another_comes(*given):
        tried.append(deliver(register).state)
        with pytest.raises(BeingSent):
            resend_register(supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING)
        put(*given)

    monkeypatch.setattr(delivering.sftp, "put", put_while_another_comes)

    deliver(register)

    assert tried == ["waiting"]
    assert OutgoingRegister.objects.get().tries_count == 1


def test_what_a_dead_worker_had_taken_is_tried_again_after_a_while(billing, server, monkeypatch):
    to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()

    def die(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(delivering.sftp, "put", die)
        with pytest.raises(KeyboardInterrupt):
            deliver(register)

    assert to_deliver(MORNING + dt.timedelta(minutes=14)) == []
    later = MORNING + dt.timedelta(minutes=15)
    assert to_deliver(later) == [(register.supplier_id, register.id)]
    assert deliver(register, now=later).state == "delivered"


def test_the_same_bytes_are_sent_again_when_asked(billing, server):
    to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()
    deliver(register)
    billing.paid("50.00")
    [collected] = server.folder.iterdir()
    collected.unlink()

    resend_register(supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING)
    deliver(register)

    assert list(there(server).values()) == [register.path.read_bytes()]
    assert OutgoingRegister.objects.count() == 1


def test_what_is_downloaded_is_sent_nowhere(billing):
    billing.paid("100.00")
    register = billing.send()

    with pytest.raises(NowhereToSend):
        resend_register(supplier_id=register.supplier_id, register_id=register.id, actor=None, now=MORNING)

    assert OutgoingRegister.objects.get().state == "kept"


# Which server it is


def ask(billing):
    return ask_host_key(supplier_id=billing.supplier.id, kind="payments", actor=None, now=NOW)


def trust(billing, fingerprint):
    return trust_host_key(
        supplier_id=billing.supplier.id, kind="payments", fingerprint=fingerprint, actor=None, now=MORNING
    )


def test_nothing_is_sent_to_a_server_that_nobody_has_recognised(billing, server):
    to_server(billing, server, host_key="")
    billing.paid("100.00")
    register = billing.send()

    waiting = deliver(register)

    assert (waiting.state, there(server)) == ("waiting", {})
    assert "ещё не узнан" in waiting.problem
    asked = ask(billing)
    assert asked.offered_fingerprint == server.key.get_fingerprint()
    trust(billing, asked.offered_fingerprint)
    assert to_deliver(MORNING) == [(register.supplier_id, register.id)]
    assert deliver(register).state == "delivered"


def test_a_changed_key_stops_everything_until_a_person_recognises_it(billing, server):
    to_server(billing, server)
    server.change_key()
    billing.paid("100.00")
    register = billing.send()

    assert "другой ключ" in deliver(register).problem

    trust(billing, ask(billing).offered_fingerprint)
    assert deliver(register).state == "delivered"


def test_a_way_that_is_chosen_no_longer_is_gone_no_more(billing, server):
    dispatch = to_server(billing, server)
    billing.paid("100.00")
    register = billing.send()
    dispatch.way = "download"
    dispatch.save()

    assert deliver(register).state == "failed"
    assert there(server) == {}


def test_only_the_key_that_was_shown_can_be_trusted(billing, server):
    to_server(billing, server, host_key="")
    seen = ask(billing).offered_fingerprint
    server.change_key()
    ask(billing)

    with pytest.raises(AnotherKey):
        trust(billing, seen)
    with pytest.raises(AnotherKey):
        trust(billing, "")


def test_a_server_that_cannot_be_asked_is_told_of(billing, server):
    to_server(billing, server, host_key="", host="nobody.invalid")

    with pytest.raises(ServerSilent) as refused:
        ask(billing)

    assert "никто не знает" in str(refused.value)


# By letter


def to_mailbox(billing):
    make_dispatch(billing.supplier, way="email", email="billing@supplier.example")


def mail_it():
    [fact] = RecordedFact.objects.filter(name="registers.RegisterToMail")
    send_register_to_supplier(**fact.payload, fact_id=str(fact.id))


def test_a_register_leaves_by_letter(billing):
    to_mailbox(billing)
    billing.paid("100.00")
    register = billing.send()

    handed = deliver(register)
    mail_it()
    mail_it()

    [letter] = mail.outbox
    assert (handed.state, letter.to) == ("waiting", ["billing@supplier.example"])
    [(name, content, media_type)] = [attached for attached in letter.attachments if attached[0]]
    assert (name, media_type) == (register.file_name, "text/csv")
    assert content.encode() == register.path.read_bytes()
    assert "Сумма: 100,00" in letter.body
    assert OutgoingRegister.objects.get().state == "delivered"


def test_a_letter_that_never_left_is_given_up(billing):
    to_mailbox(billing)
    billing.paid("100.00")
    register = billing.send()
    deliver(register)
    assert deliver(register, now=MORNING + dt.timedelta(days=2)).state == "waiting"

    given_up = deliver(register, now=MORNING + dt.timedelta(days=3))

    assert (given_up.state, given_up.problem) == ("failed", "Почтовый сервер так и не принял письмо с файлом.")


def test_a_file_that_no_mailbox_takes_is_said_to_be_too_large(billing, monkeypatch):
    monkeypatch.setattr(delivering, "LARGEST_LETTER", 10)
    to_mailbox(billing)
    billing.paid("100.00")
    register = billing.send()

    assert deliver(register).state == "failed"
    assert not RecordedFact.objects.filter(name="registers.RegisterToMail").exists()
