"""A folder on a supplier's SFTP server: a file is put there whole, under a name of its own.

A file is written beside its name and renamed when every byte of it is there: whoever collects the folder never meets a
half. The server is known by its key alone; names and addresses prove nothing.
"""

import asyncio
import ipaddress
import posixpath
import re
import socket
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncssh
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kabinet.common.errors import Unavailable

ANSWER_S = 10
#: A large file over a slow line; whoever waits longer is cut off and tried again.
WHOLE_S = 600
#: A link without an answer for so long is dead.
SILENCE_S = 15
#: What a file is called until every byte of it is there.
PART = ".part"

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,62})(\.[a-z0-9-]{1,63})*", re.IGNORECASE)
_PRIVATE_KEY = "-----BEGIN"
T = TypeVar("T")
asyncssh.set_log_level("WARNING")  # it would log each step, with addresses and names


@dataclass(frozen=True)
class Server:
    """Where to, as whom, and by which key the server is recognised.

    secret    a password, or a private key in OpenSSH's form
    host_key  «algorithm base64», as OpenSSH writes it
    folder    from where the server lets one in; empty: there
    """

    host: str
    port: int
    user_name: str
    secret: str
    host_key: str
    folder: str


def is_host(text: str) -> bool:
    """Tell whether a text may be the name or the address of a server."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return _HOST.fullmatch(text) is not None
    return True


def is_usable(secret: str) -> bool:
    """Tell whether a secret is a password, or a private key that can be read without one."""
    if not secret.lstrip().startswith(_PRIVATE_KEY):
        return True
    try:
        asyncssh.import_private_key(secret.strip() + "\n")
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        return False
    return True


def host_key(host: str, port: int) -> str:
    """Ask a server for its key: «algorithm base64». Nobody signs in. Raises Unavailable with words for people."""
    return _run(_host_key(host, port), timeout_s=ANSWER_S)


def put(server: Server, path: Path, file_name: str) -> None:
    """Put a file into the server's folder. Again replaces it by the same.

    Raises Unavailable with words for people, whatever went wrong: somebody mends it, and it is tried again.
    """
    _run(_put(server, path, file_name, size=path.stat().st_size), timeout_s=WHOLE_S)


#: What went wrong, in the order in which it is recognised: the first that fits.
_WORDS: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], Promise]] = (
    (TimeoutError, _("сервер не ответил вовремя.")),
    (asyncssh.PermissionDenied, _("сервер не принял имя и пароль или ключ.")),
    (
        asyncssh.HostKeyNotVerifiable,
        _("у сервера другой ключ, чем тот, который Вы узнали. Выясните у поставщика, сменил ли он его."),
    ),
    (asyncssh.SFTPNoSuchFile, _("такой папки на сервере нет.")),
    (asyncssh.SFTPPermissionDenied, _("в эту папку сервер не даёт писать.")),
    ((asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded), _("на сервере кончилось место.")),
    (
        (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.ConnectionLost),
        _("связь с сервером оборвалась."),
    ),
    (asyncssh.SFTPError, _("сервер не записал файл: возможно, на нём кончилось место.")),
    (asyncssh.Error, _("сервер прервал разговор.")),
    (socket.gaierror, _("такого имени сервера никто не знает.")),
    (OSError, _("до сервера не дозвониться: порт закрыт или сеть недоступна.")),
)


def _run(work: Coroutine[Any, Any, T], *, timeout_s: int) -> T:
    """Do it on a loop of its own, and say what went wrong in words.

    In a thread too, since whoever calls may have a loop already; it takes along the language of the words.
    """
    try:
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(copy_context().run, asyncio.run, asyncio.wait_for(work, timeout_s)).result()
    except (asyncssh.Error, OSError) as error:  # TimeoutError and gaierror are OSErrors
        raise Unavailable(str(next(words for kinds, words in _WORDS if isinstance(error, kinds)))) from error


async def _host_key(host: str, port: int) -> str:
    key = await asyncssh.get_server_host_key(await _address_of(host), port, config=None)
    if key is None:
        raise Unavailable(str(_("сервер не показал ключа.")))
    algorithm, base64 = key.export_public_key("openssh").decode().split()[:2]
    return f"{algorithm} {base64}"


async def _put(server: Server, path: Path, file_name: str, *, size: int) -> None:
    key = asyncssh.import_public_key(server.host_key)
    private_key, password = _credentials(server.secret)
    async with (
        asyncssh.connect(
            await _address_of(server.host),
            server.port,
            username=server.user_name,
            password=password,
            client_keys=[private_key] if private_key else None,
            known_hosts=([key], [], []),
            config=None,
            agent_path=None,
            connect_timeout=ANSWER_S,
            login_timeout=2 * ANSWER_S,
            keepalive_interval=SILENCE_S,
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):
        name = posixpath.join(server.folder, file_name)
        part = name + PART
        await sftp.put(str(path), part)
        if await sftp.getsize(part) != size:
            raise Unavailable(str(_("на сервере оказалась только часть файла: возможно, там кончилось место.")))
        await _rename(sftp, part, name)


async def _rename(sftp: asyncssh.SFTPClient, part: str, name: str) -> None:
    """Give a whole file its name; a server that cannot replace one has the former deleted before."""
    try:
        await sftp.posix_rename(part, name)
    except asyncssh.SFTPOpUnsupported:
        if await sftp.exists(name):
            await sftp.remove(name)
        await sftp.rename(part, name)


async def _address_of(host: str) -> str:
    """Give the address that a name has now: this one is checked, and this one is spoken to.

    Raises Unavailable for a private network, which staff of a supplier have no business in, unless the installation's
    settings let them.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not settings.SFTP_TO_PRIVATE_NETWORKS and not all(address.is_global for address in addresses):
        raise Unavailable(str(_("это адрес внутренней сети: отправлять туда запрещено настройкой установки.")))
    return str(addresses[0])


def _credentials(secret: str) -> tuple[asyncssh.SSHKey | None, str | None]:
    if secret.lstrip().startswith(_PRIVATE_KEY):
        return asyncssh.import_private_key(secret.strip() + "\n"), None
    return None, secret
