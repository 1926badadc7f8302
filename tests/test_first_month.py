"""The guide «Первый месяц» leads from an empty installation to a released month: its steps are walked here."""

import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command

from kabinet.accounts.models import Account
from kabinet.charges.models import Charge
from kabinet.charges.usecases.set_accrual_policy import set_accrual_policy
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.meters.models import Meter
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.people.models import User
from kabinet.people.tests.factories import make_user
from kabinet.registers.formats.ready import READY
from kabinet.suppliers.usecases.add_supplier import add_supplier
from kabinet.suppliers.usecases.name_usage_purpose import name_usage_purpose
from kabinet.web.backoffice.views.tariffs.policy_setting import USUAL
from kabinet.web.cabinet.tests.screens import shown_on

pytestmark = pytest.mark.django_db

GUIDE = (Path(__file__).parents[1] / "docs/run/first-month.md").read_text(encoding="utf-8")
#: Of accounts, of meters and of opening balances, as the page of a format offers them first.
FORMATS = ("kabinet: лицевые счета", "kabinet: счётчики", "kabinet: остатки")
FILES = re.findall(r"```csv\n(.+?)\n\s*```", GUIDE, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def called(command, *arguments, **options):
    said = io.StringIO()
    call_command(command, *arguments, stdout=said, **options)
    return said.getvalue()


def hired(email, role, supplier=None):
    make_user(email)
    called("staff", email, role=role, **({"supplier": supplier} if supplier else {}))
    return User.objects.get(email=email)


def test_the_guide_leads_from_nothing_to_a_released_month(tmp_path):
    names = ("prices.csv", "accounts.csv", "meters.csv", "balances.csv")
    orders, accounts, meters, balances = paths = [tmp_path / name for name in names]
    for path, text in zip(paths, FILES, strict=True):
        path.write_text("\n".join(line.strip() for line in text.splitlines()), encoding="utf-8-sig")

    with shown_on("2026-11-22") as now:
        operator = hired("operator@example.ru", "operator")
        card = {
            "name": "Рассвет-Газ",
            "full_name": "ООО «Рассвет-Газ»",
            "inn": "7838016481",
            "number_pattern": r"\d{6}",
        }
        supplier = add_supplier(code="rassvet", values=card, actor=operator, now=now)
        for code in ("cooking", "heating"):
            name_usage_purpose(supplier_id=supplier.id, code=code, name=code, actor=operator, now=now)
        first, second = (hired(f"{name}@example.ru", "accountant", "rassvet") for name in ("first", "second"))
        called("load_reference")
        called("load_price_order", str(orders), supplier="rassvet", apply=True)
        set_accrual_policy(
            supplier_id=supplier.id,
            from_month=Month(2026, 11),
            **USUAL | {"odd_ratio": Decimal(USUAL["odd_ratio"])},
            actor=first,
            now=now,
        )
        called("load_register", str(accounts), supplier="rassvet", kind="accounts", apply=True, profile=FORMATS[0])
        called("load_register", str(meters), supplier="rassvet", kind="meters", apply=True, profile=FORMATS[1])
        called("load_register", str(balances), supplier="rassvet", kind="balances", apply=True, profile=FORMATS[2])
        account = Account.objects.get(number="100001")
        assert ledger.balance_rub(supplier.id, account.id) == Decimal("1250.40")
        record_reading(
            supplier_id=supplier.id,
            meter_id=Meter.objects.get(account=account).id,
            value_m3=Decimal(1040),
            taken_on=dt.date(2026, 11, 21),
            request_id=uuid4(),
            actor=first,
            now=now,
        )
    with shown_on("2026-12-02"):
        called(
            "accrue", supplier="rassvet", period=Month(2026, 11), release=True, checked_by=first.email, by=second.email
        )

    # (1040 - 1010) m³ × 9,97 ₽/м³ = 299,10 ₽
    [line] = Charge.objects.filter(account=account, period=Month(2026, 11))
    assert (line.volume_m3, line.amount_rub) == (30, Decimal("299.10"))


@pytest.mark.parametrize("kind", ["accounts", "meters", "readings", "payments"])
def test_the_guide_names_columns_as_the_ready_formats_do(kind):
    ready = next(profile for profile in READY if profile.name.startswith("kabinet:") and profile.kind == kind)
    needed = [source for column in ready.columns if not column.optional for source in column.sources]

    assert all(f"{heading}*" in GUIDE for heading in needed)
