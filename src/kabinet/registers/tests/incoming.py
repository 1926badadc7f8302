"""A supplier with its own billing, whose files the tests write and staff load."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from kabinet.common.testing import NOW
from kabinet.people.models import StaffRole, User
from kabinet.people.tests.factories import make_user
from kabinet.registers.formats.profile import Column, Profile
from kabinet.registers.models import Register
from kabinet.registers.usecases.apply_register import apply_register
from kabinet.registers.usecases.approve_recall import approve_recall
from kabinet.registers.usecases.approve_register import approve_register
from kabinet.registers.usecases.check_register import check_register
from kabinet.registers.usecases.read_register import read_register
from kabinet.registers.usecases.recall_register import recall_register
from kabinet.registers.usecases.undo_register import undo_register
from kabinet.registers.usecases.upload_register import upload_register
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.tests.factories import make_supplier


def make_accountant(supplier: Supplier, email: str) -> User:
    user = make_user(email, is_staff=True)
    StaffRole.objects.create(user=user, supplier=supplier, role="accountant")
    return user


def profile_for(kind: str, fields: Sequence[str], **values: Any) -> Profile:
    """Make a format whose headings are the names of the fields."""
    columns = tuple(Column(field, (field,)) for field in fields)
    return Profile(
        **{"name": "Тест", "kind": kind, "columns": columns, "encoding": "utf-8", "delimiter": ";", **values}
    )


class Desk:
    """Two accountants of a supplier at their desk: one brings files, the other lets them be applied."""

    def __init__(self, supplier: Supplier | None = None, **values: Any) -> None:
        self.supplier = supplier or make_supplier(**({"billing": "external"} | values))
        self.first = make_accountant(self.supplier, f"first-{self.supplier.pk}@example.ru")
        self.second = make_accountant(self.supplier, f"second-{self.supplier.pk}@example.ru")

    def key(self, register: Register) -> dict[str, int]:
        return {"supplier_id": self.supplier.pk, "register_id": register.pk}

    def upload(self, kind: str, content: str | bytes, *, now: dt.datetime = NOW, **values: Any) -> Register:
        data = content.encode() if isinstance(content, str) else content
        return upload_register(
            **{
                "supplier_id": self.supplier.pk,
                "kind": kind,
                "file_name": "register.csv",
                "file": io.BytesIO(data),
                "actor": self.first,
                "now": now,
                **values,
            }
        )

    def check(self, kind: str, content: str | bytes, profile: Profile | None = None, *, now: dt.datetime = NOW):
        """Bring a file through to what it would change. Without a profile its headings name the fields."""
        register = self.upload(kind, content, now=now)
        if profile is None:
            text = content if isinstance(content, str) else content.decode()
            profile = profile_for(kind, text.splitlines()[0].split(";"))
        read_register(**self.key(register), profile=profile, profile_name="Тест", actor=self.first, now=now)
        check_register(**self.key(register), now=now)
        register.refresh_from_db()
        return register

    def apply(self, register: Register, *, note: str = "", now: dt.datetime = NOW) -> Register:
        approve_register(**self.key(register), note=note, actor=self.second, now=now)
        apply_register(**self.key(register), now=now)
        register.refresh_from_db()
        return register

    def load(self, kind: str, content: str, *, now: dt.datetime = NOW, note: str = "так и есть") -> Register:
        return self.apply(self.check(kind, content, now=now), note=note, now=now)

    def undo(self, register: Register, *, now: dt.datetime = NOW) -> Register:
        recall_register(**self.key(register), reason="загружен по ошибке", actor=self.second, now=now)
        if register.changes_money:
            approve_recall(**self.key(register), actor=self.first, now=now)
        undo_register(**self.key(register), now=now)
        register.refresh_from_db()
        return register


def counts(register: Register) -> tuple[int, int, int, int]:
    """Give how many lines are new, changed, unchanged, refused."""
    return register.new_count, register.changed_count, register.unchanged_count, register.refused_count


def text_of(rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
    return file.getvalue()
