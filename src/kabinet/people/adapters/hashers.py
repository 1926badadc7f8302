"""How passwords are kept: Argon2id over an HMAC with a pepper, a secret that is in a file and never in the database."""

import hmac
import os
import secrets
import threading
from functools import cache
from pathlib import Path
from typing import Any

import argon2
from argon2.low_level import Type, hash_secret
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop as _

#: Hashing takes 19 MiB and a core for some 30 ms; more than two at a time would starve the pages of the same process.
_at_a_time = threading.BoundedSemaphore(2)


@cache
def peppers(path: Path) -> dict[int, bytes]:
    """Read the pepper file: a line ``version:hex`` for each, the highest version is the one for new passwords.

    Two versions may stand there while passwords move from one to the other at each sign-in.
    Raises ImproperlyConfigured when there is no usable file: without it nobody could sign in.
    """
    try:
        lines = [line.split(":") for line in path.read_text().split()]
        found = {int(version): bytes.fromhex(value) for version, value in lines}
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path}: no pepper here; `./kabinet manage add_pepper` makes one") from error
    if not found:
        raise ImproperlyConfigured(f"{path} is empty; `./kabinet manage add_pepper` makes a pepper")
    return found


def add_pepper(path: Path) -> int:
    """Write a new version of the pepper after those in the file, for whoever runs the portal; give its number.

    The file appears whole or not at all, and of two who make the first one at once the second keeps the first's.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_text() if path.exists() else ""
    version = max((int(line.split(":")[0]) for line in known.split()), default=0) + 1
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{known}{version}:{secrets.token_hex(32)}\n")
        file.flush()
        os.fsync(file.fileno())
    if known:
        draft.replace(path)
    else:
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            version = 1
        finally:
            draft.unlink()
    peppers.cache_clear()
    return version


class PepperedArgon2Hasher(BasePasswordHasher):
    """Argon2id, t=2, m=19 MiB, p=1 (security.md 2) of HMAC-SHA256(pepper, password).

    Looks like ``peppered_argon2id$<version of the pepper>$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>``.
    """

    algorithm = "peppered_argon2id"
    library = "argon2"
    time_cost = 2
    memory_kib = 19 * 1024
    parallelism = 1

    def salt(self) -> str:
        return secrets.token_hex(16)

    def encode(self, password: str, salt: str) -> str:
        version = max(peppers(settings.PEPPER_FILE))
        with _at_a_time:
            encoded = hash_secret(
                self._peppered(password, version),
                salt.encode(),
                time_cost=self.time_cost,
                memory_cost=self.memory_kib,
                parallelism=self.parallelism,
                hash_len=32,
                type=Type.ID,
            )
        return f"{self.algorithm}${version}{encoded.decode()}"

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, version, argon2_hash = encoded.split("$", 2)
        return {
            "algorithm": algorithm,
            "version": int(version),
            "argon2_hash": f"${argon2_hash}",
            "parameters": argon2.extract_parameters(f"${argon2_hash}"),
        }

    def verify(self, password: str, encoded: str) -> bool:
        decoded = self.decode(encoded)
        if decoded["version"] not in peppers(settings.PEPPER_FILE):
            return False
        with _at_a_time:
            try:
                return argon2.PasswordHasher().verify(
                    decoded["argon2_hash"], self._peppered(password, decoded["version"])
                )
            except argon2.exceptions.VerificationError:
                return False

    def must_update(self, encoded: str) -> bool:
        decoded = self.decode(encoded)
        parameters = decoded["parameters"]
        ours = (self.time_cost, self.memory_kib, self.parallelism)
        theirs = (parameters.time_cost, parameters.memory_cost, parameters.parallelism)
        return decoded["version"] != max(peppers(settings.PEPPER_FILE)) or theirs != ours

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: every sign-in computes exactly one hash, whatever was found."""

    def safe_summary(self, encoded: str) -> dict[str, Any]:
        decoded = self.decode(encoded)
        return {_("algorithm"): decoded["algorithm"], _("version"): decoded["version"]}

    def _peppered(self, password: str, version: int) -> bytes:
        return hmac.digest(peppers(settings.PEPPER_FILE)[version], password.encode(), "sha256")
