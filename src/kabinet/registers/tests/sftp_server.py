"""An SFTP server over TCP on this machine, with what can go wrong on one."""

import asyncio
import threading
from pathlib import Path

import asyncssh

PASSWORD = "correct horse"


class Files(asyncssh.SFTPServer):
    """What a server does with files; a test sets what goes wrong on `faults`.

    full        the disk takes no byte more
    truncates   it takes some and says nothing
    cuts        the connection goes in the middle of a file
    closed      nobody may write in the folder
    old         it cannot replace a file by renaming
    """

    faults: set[str] = set()

    def __init__(self, channel):
        self._connection = channel.get_connection()
        super().__init__(channel, chroot=channel.get_connection().get_extra_info("folder"))

    def open(self, path, pflags, attrs):
        if "closed" in self.faults and pflags & asyncssh.FXF_WRITE:
            raise asyncssh.SFTPPermissionDenied("not here")
        return super().open(path, pflags, attrs)

    def write(self, file_obj, offset, data):
        if "full" in self.faults:
            raise asyncssh.SFTPNoSpaceOnFilesystem("disk full")
        if "cuts" in self.faults:
            self._connection.abort()
        if "truncates" in self.faults:
            return len(data)
        return super().write(file_obj, offset, data)

    def posix_rename(self, oldpath, newpath):
        if "old" in self.faults:
            raise asyncssh.SFTPOpUnsupported("no such operation")
        return super().posix_rename(oldpath, newpath)

    def rename(self, oldpath, newpath):
        if Path(self.map_path(newpath).decode()).exists():
            raise asyncssh.SFTPFailure("there is such a file")
        return super().rename(oldpath, newpath)


class Door(asyncssh.SSHServer):
    """Who is let in: kabinet, by the password or by the keys of `authorized`."""

    def __init__(self, server):
        self._server = server

    def connection_made(self, connection):
        connection.set_extra_info(folder=str(self._server.folder))

    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("kabinet", PASSWORD)

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        return username == "kabinet" and key.export_public_key() in self._server.authorized


class Server:
    """Runs in a thread of its own until `stop`. folder: what those who sign in see as the root."""

    def __init__(self, folder):
        self.folder = folder
        self.authorized = set()
        self.files = type("FilesOfTest", (Files,), {"faults": set()})
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._do(self._listen(0))
        self.port = self._listener.get_port()

    @property
    def faults(self):
        return self.files.faults

    def change_key(self):
        """Come back at the same port with another key, as a stranger in between would."""
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self._do(self._close())
        self._listener = self._do(self._listen(self.port))

    def stop(self):
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)

    async def _listen(self, port):
        return await asyncssh.listen(
            "127.0.0.1", port, server_host_keys=[self.key], server_factory=lambda: Door(self), sftp_factory=self.files
        )

    async def _close(self):
        self._listener.close()
        await self._listener.wait_closed()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)
