"""`python -m bench.visitors`: sign people in, each with an account, and print what they will read, as JSON.

Runs inside the world that is measured; its people stay there for the next run.
"""

import json
import os
import sys

import django

VISITORS = 200
PAGES = ("account", "readings", "pay")


def main() -> None:
    """Print for each page the addresses, the cookies, the number of queries and the size."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - settings first
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from kabinet.accounts.models import Account, AccountAccess  # noqa: PLC0415
    from kabinet.people.models import User  # noqa: PLC0415

    # Accounts from the whole of the world, not from the pages that the database has just read.
    last_id = Account.objects.order_by("-id").values_list("id", flat=True)[0]
    ids = [1 + index * (last_id - 1) // VISITORS for index in range(VISITORS)]
    visitors = []
    for index, account in enumerate(Account.objects.filter(id__in=ids)):
        email = f"visitor-{index}@bench.invalid"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, None, given_name="Посетитель"
        )
        AccountAccess.objects.get_or_create(
            supplier_id=account.supplier_id,
            account=account,
            user=user,
            defaults={"level": "full", "position": 0, "attached_at": timezone.now()},
        )
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        visitors.append((client, account))

    found = {}
    for name in PAGES:
        client, account = visitors[0]
        client.get(reverse(f"cabinet:{name}", args=[account.supplier_id, account.id]))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(f"cabinet:{name}", args=[account.supplier_id, account.id]))
        if answer.status_code != 200:
            sys.exit(f"{name}: {answer.status_code}")
        found[name] = {
            "queries": len(queries),
            "size": len(answer.content),
            "pages": [
                {
                    "path": reverse(f"cabinet:{name}", args=[account.supplier_id, account.id]),
                    "cookie": "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items()),
                }
                for client, account in visitors
            ],
        }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
