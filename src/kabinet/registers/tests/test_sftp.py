"""A file is put into a folder on an SFTP server that is spoken to over TCP."""

import socket

import asyncssh
import pytest

from kabinet.common.errors import Unavailable
from kabinet.registers.gateways import sftp
from kabinet.registers.tests.sftp_server import PASSWORD, Server

CONTENT = b"line\r\n" * 100_000


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    (folder / "upload").mkdir(parents=True)
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(CONTENT)
    return path


def known(server, **values):
    """Give the server as it is known after somebody has recognised its key."""
    key = sftp.host_key("127.0.0.1", server.port)
    return sftp.Server(
        **{
            "host": "127.0.0.1",
            "port": server.port,
            "user_name": "kabinet",
            "secret": PASSWORD,
            "host_key": key,
            "folder": "upload",
            **values,
        }
    )


def there(server):
    return {path.name: path.read_bytes() for path in (server.folder / "upload").iterdir()}


def test_a_file_arrives_whole_under_its_name(server, file):
    sftp.put(known(server), file, "gaz_payments_00001.csv")

    assert there(server) == {"gaz_payments_00001.csv": CONTENT}


@pytest.mark.parametrize("fault", ["none", "old"])
def test_the_same_file_again_is_one_file(server, file, fault):
    server.faults.add(fault)
    sftp.put(known(server), file, "a.csv")
    sftp.put(known(server), file, "a.csv")

    assert there(server) == {"a.csv": CONTENT}


def test_a_private_key_lets_in_as_well_as_a_password(server, file):
    key = asyncssh.generate_private_key("ssh-ed25519")
    server.authorized.add(key.export_public_key())

    sftp.put(known(server, secret=key.export_private_key().decode()), file, "a.csv")

    assert there(server) == {"a.csv": CONTENT}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"secret": "wrong"}, "не принял имя и пароль"),
        ({"user_name": "root"}, "не принял имя и пароль"),
        ({"folder": "absent"}, "такой папки на сервере нет"),
    ],
)
def test_what_is_wrong_is_said_in_words(server, file, values, words):
    with pytest.raises(Unavailable, match=words):
        sftp.put(known(server, **values), file, "a.csv")

    assert there(server) == {}


@pytest.mark.parametrize(
    ("fault", "words"),
    [("full", "кончилось место"), ("truncates", "только часть файла"), ("cuts", "связь с сервером оборвалась")],
)
def test_a_file_that_did_not_arrive_whole_never_gets_its_name(server, file, fault, words):
    server.faults.add(fault)
    with pytest.raises(Unavailable, match=words):
        sftp.put(known(server), file, "a.csv")
    assert "a.csv" not in there(server)

    server.faults.clear()
    sftp.put(known(server), file, "a.csv")

    assert there(server) == {"a.csv": CONTENT}


def test_a_folder_that_may_not_be_written_is_named(server, file):
    server.faults.add("closed")

    with pytest.raises(Unavailable, match="не даёт писать"):
        sftp.put(known(server), file, "a.csv")


def test_a_server_with_another_key_gets_neither_the_file_nor_the_password(server, file):
    as_it_was = known(server)
    server.change_key()

    with pytest.raises(Unavailable, match="другой ключ"):
        sftp.put(as_it_was, file, "a.csv")

    assert there(server) == {}


def test_a_closed_port_and_an_unknown_name_are_told_apart(server, file):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    with pytest.raises(Unavailable, match="не дозвониться"):
        sftp.host_key("127.0.0.1", closed)
    with pytest.raises(Unavailable, match="никто не знает"):
        sftp.host_key("nobody.invalid", 22)


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_said(monkeypatch):
    monkeypatch.setattr(sftp, "ANSWER_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable, match="не ответил вовремя"):
        sftp.host_key("127.0.0.1", silent.getsockname()[1])


def test_a_private_network_is_closed_unless_the_installation_opens_it(server, file, settings):
    to = known(server)
    settings.SFTP_TO_PRIVATE_NETWORKS = False

    with pytest.raises(Unavailable, match="внутренней сети"):
        sftp.put(to, file, "a.csv")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("sftp.example.ru", True),
        ("192.0.2.7", True),
        ("2001:db8::1", True),
        ("сервер", False),
        ("a b", False),
        ("-oProxyCommand=x", False),
        ("", False),
    ],
)
def test_what_may_be_a_server(text, is_one):
    assert sftp.is_host(text) is is_one


def test_a_key_that_needs_a_password_is_of_no_use():
    key = asyncssh.generate_private_key("ssh-ed25519")

    assert sftp.is_usable("any password")
    assert sftp.is_usable(key.export_private_key().decode())
    assert not sftp.is_usable("-----BEGIN OPENSSH PRIVATE KEY-----\nxyz\n-----END OPENSSH PRIVATE KEY-----")
