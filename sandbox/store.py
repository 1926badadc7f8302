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

_VERSION = 2

_SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE payments (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    protocol TEXT NOT NULL CHECK (protocol IN ('yookassa', 'sberbank', 'sbp')),
    order_number TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'waiting_for_capture', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    fee_kopecks INTEGER,
    refunded_kopecks INTEGER NOT NULL,
    charged_back_kopecks INTEGER NOT NULL,
    is_two_stage INTEGER NOT NULL,
    method TEXT,
    saved_method_id TEXT REFERENCES payment_methods (id),
    created_at INTEGER NOT NULL,
    deadline_at INTEGER,
    captured_at INTEGER,
    request TEXT NOT NULL,
    means TEXT,
    cancellation TEXT,
    declined_attempts INTEGER NOT NULL,
    last_decline TEXT,
    receipt_registration TEXT CHECK (receipt_registration IN ('pending', 'succeeded', 'canceled')),
    UNIQUE (shop_id, protocol, order_number),
    CHECK (refunded_kopecks >= 0 AND charged_back_kopecks >= 0),
    CHECK (refunded_kopecks + charged_back_kopecks <= amount_kopecks),
    CHECK ((status IN ('succeeded', 'canceled')) = (deadline_at IS NULL)),
    CHECK ((status = 'succeeded') = (captured_at IS NOT NULL)),
    CHECK ((status = 'canceled') = (cancellation IS NOT NULL))
);
CREATE INDEX payments_newest_first ON payments (shop_id, created_at DESC, number DESC);
CREATE INDEX payments_due ON payments (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX payments_taken ON payments (shop_id, captured_at) WHERE captured_at IS NOT NULL;

CREATE TABLE refunds (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    protocol TEXT NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    external_id TEXT,
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    is_by_hand INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    succeeded_at INTEGER,
    request TEXT NOT NULL,
    cancellation TEXT,
    receipt_registration TEXT CHECK (receipt_registration IN ('pending', 'succeeded', 'canceled')),
    UNIQUE (payment_id, external_id),
    CHECK ((status = 'succeeded') = (succeeded_at IS NOT NULL)),
    CHECK ((status = 'canceled') = (cancellation IS NOT NULL))
);
CREATE INDEX refunds_newest_first ON refunds (shop_id, created_at DESC, number DESC);
CREATE INDEX refunds_of_payment ON refunds (payment_id);

CREATE TABLE chargebacks (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    amount_kopecks INTEGER NOT NULL CHECK (amount_kopecks > 0),
    created_at INTEGER NOT NULL
);
CREATE INDEX chargebacks_of_shop ON chargebacks (shop_id, created_at);

CREATE TABLE receipts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('payment', 'refund')),
    payment_id TEXT NOT NULL REFERENCES payments (id),
    refund_id TEXT REFERENCES refunds (id),
    is_of_operation INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'canceled')),
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    registered_at INTEGER,
    request TEXT NOT NULL,
    CHECK ((status = 'succeeded') = (registered_at IS NOT NULL))
);
CREATE INDEX receipts_newest_first ON receipts (shop_id, created_at DESC, number DESC);
CREATE INDEX receipts_of_payment ON receipts (payment_id);
CREATE INDEX receipts_due ON receipts (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE payment_methods (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    shop_id TEXT NOT NULL,
    protocol TEXT NOT NULL,
    type TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'inactive')),
    created_at INTEGER NOT NULL,
    request TEXT NOT NULL,
    means TEXT,
    CHECK (status != 'active' OR means IS NOT NULL)
);

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
    verb TEXT NOT NULL CHECK (verb IN ('GET', 'POST')),
    url TEXT NOT NULL,
    content_type TEXT NOT NULL,
    body TEXT NOT NULL,
    repeats TEXT NOT NULL,
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
            self._db.execute("PRAGMA foreign_keys = ON")
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

    def clear(self, *, kept_settings: tuple[str, ...]) -> None:
        """Forget everything but some settings."""
        with self.transaction() as db:
            db.execute("PRAGMA defer_foreign_keys = ON")
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'settings'").fetchall()
            for table in tables:
                db.execute(f"DELETE FROM {table['name']}")  # noqa: S608 - our own words
            places = ", ".join("?" * len(kept_settings))
            db.execute(f"DELETE FROM settings WHERE name NOT IN ({places})", kept_settings)  # noqa: S608 - question marks

    def close(self) -> None:
        """Wait for the running transaction and close the file."""
        with self._lock:
            self._db.close()
