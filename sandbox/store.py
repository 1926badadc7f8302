"""One SQLite file, one connection, one transaction at a time.

Every request takes the lock for well under a millisecond, so a queue of threads costs less than connections that wait
for each other's file locks; and "two at once with one key" needs no further care. The file is held exclusively: a
second sandbox on the same folder is refused instead of answering from the same store.
"""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_VERSION = 1

_SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE payments (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'waiting_for_capture', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    fee_kopecks INTEGER,
    is_two_stage INTEGER NOT NULL,
    method TEXT,
    created_at INTEGER NOT NULL,
    deadline_at INTEGER,
    captured_at INTEGER,
    request TEXT NOT NULL,
    means TEXT,
    cancellation TEXT,
    CHECK ((status IN ('succeeded', 'canceled')) = (deadline_at IS NULL)),
    CHECK ((status = 'succeeded') = (captured_at IS NOT NULL)),
    CHECK ((status = 'canceled') = (cancellation IS NOT NULL))
);
CREATE INDEX payments_newest_first ON payments (shop_id, created_at DESC, number DESC);
CREATE INDEX payments_due ON payments (deadline_at) WHERE deadline_at IS NOT NULL;

CREATE TABLE idempotence_keys (
    shop_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (shop_id, key)
) WITHOUT ROWID;

CREATE TABLE notifications (
    id INTEGER PRIMARY KEY,
    shop_id TEXT NOT NULL,
    event TEXT NOT NULL,
    object_id TEXT NOT NULL,
    body TEXT NOT NULL,
    fate TEXT NOT NULL CHECK (fate IN ('waiting', 'delivered', 'given_up', 'dropped', 'switched_off')),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_answer TEXT,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL
);
CREATE INDEX notifications_due ON notifications (due_at) WHERE fate = 'waiting';
"""


class StoreBusy(Exception):
    """Another process holds the store."""


class StoreOfOtherVersion(Exception):
    """The file was written by another version of the sandbox."""


class Store:
    def __init__(self, path: Path) -> None:
        """Open or create the file. Raises StoreBusy and StoreOfOtherVersion."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        # Transactions are written out below, so the module's own are switched off.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing with NORMAL; only a power cut could take the last moments.
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self.transaction() as db:
                self._create_tables(db)
        except sqlite3.OperationalError as error:
            self._db.close()
            if "locked" in str(error):
                raise StoreBusy(path) from error
            raise

    def _create_tables(self, db: sqlite3.Connection) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _SCHEMA.split(";\n"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")
        elif version != _VERSION:
            raise StoreOfOtherVersion(version)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection to one thread; commit at the end, undo all if it raises."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def setting(self, db: sqlite3.Connection, name: str, default: Any) -> Any:
        """A kept value, or `default`."""
        row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return json.loads(row["value"]) if row else default

    def keep_setting(self, db: sqlite3.Connection, name: str, value: Any) -> None:
        db.execute(
            "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value)),
        )

    def close(self) -> None:
        """Wait for the running transaction and close the file."""
        with self._lock:
            self._db.close()
