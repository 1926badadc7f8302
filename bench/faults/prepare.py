"""`python -m bench.faults.prepare`: suppliers with shops, customers with accounts and debts; described as JSON."""

import json
import os
import random
import sys

import django

SUPPLIERS = 2
CUSTOMERS = 40
ACCOUNTS_EACH = 2
SHOP_KEY = "test_canary-shop-key"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.faults.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - settings first
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from kabinet.accounts.tests.factories import make_access, make_account  # noqa: PLC0415
    from kabinet.charges.tests.factories import make_charge  # noqa: PLC0415
    from kabinet.common.month import Month  # noqa: PLC0415
    from kabinet.payments.tests.factories import make_shop  # noqa: PLC0415
    from kabinet.people.models import User  # noqa: PLC0415
    from kabinet.suppliers.tests.factories import make_supplier  # noqa: PLC0415

    chance = random.Random(1)
    last_month = str(Month.of(timezone.now().date()).previous())
    shops, suppliers = [], []
    for number in range(SUPPLIERS):
        supplier = make_supplier()
        shop = make_shop(supplier, shop_id=str(100_500 + number), secret=SHOP_KEY)
        suppliers.append(supplier)
        shops.append({"id": shop.shop_id, "key": SHOP_KEY, "hook": shop.hook_path, "supplier_id": supplier.id})
    customers = []
    for number in range(CUSTOMERS):
        email = f"canary-{number}@people.invalid"
        user = User.objects.create_user(email, None, given_name="Иван")
        accounts = []
        for position in range(ACCOUNTS_EACH):
            account = make_account(suppliers[number % SUPPLIERS])
            make_access(user, account, position=position)
            make_charge(account, f"{chance.randrange(10_000, 300_000) / 100:.2f}", period=last_month)
            accounts.append([account.supplier_id, account.id, account.number])
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        customers.append({"id": user.pk, "email": email, "session": session, "accounts": accounts})
    json.dump({"shops": shops, "customers": customers}, sys.stdout)


if __name__ == "__main__":
    main()
