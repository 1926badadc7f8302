"""`python -m bench.search.run TRIES`: search as staff do, and print how long each kind of search took, as JSON.

What is typed belongs to accounts from the whole of the world, taken by chance with one seed. Each try is a look-up by
number and then a search of each kind, in an order of its own, so that a slow moment of the machine meets all of them.
"""

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import django

WARM_UP = 20
LOOK_UP = "look-up"
FOR_HELPDESK = ("surname misspelt", "address", "address misspelt")
#: As passports of Russia write names (order of the Foreign Ministry of 2020).
_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_WRITTEN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia"
IN_LATIN = dict(zip(_LETTERS, _WRITTEN.replace("-", "").split(" "), strict=True))
_KEYS = dict(zip(_LETTERS, "f,dult`;pbqrkvyjghcnea[wxio]sm'.z", strict=True))


def main() -> None:
    django.setup()
    from bench.search.world import HELPDESK, SUPPORT  # noqa: PLC0415 - settings first
    from kabinet.accounts.models import Account  # noqa: PLC0415
    from kabinet.common.wall import behind_wall  # noqa: PLC0415
    from kabinet.meters.queries.search import find_customers  # noqa: PLC0415
    from kabinet.people.models import StaffRole, User  # noqa: PLC0415

    chance = random.Random(5)
    tries = int(sys.argv[1])
    support, helpdesk = User.objects.get(email=SUPPORT), User.objects.get(email=HELPDESK)
    supplier_id: Any = StaffRole.objects.get(user=support, supplier__isnull=False).supplier_id
    took: dict[str, list[float]] = defaultdict(list)
    missed: dict[str, list[str]] = defaultdict(list)

    def measured(name: str, ask: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        answer = ask()
        took[name].append(1000 * (time.perf_counter() - began))
        return answer

    for each in range(WARM_UP + tries):
        if each == WARM_UP:
            took.clear()
            missed.clear()
        sample = _sample(supplier_id, chance)
        searches = [(kind, text, support) for kind, text in sample.texts.items()]
        searches += [(f"{kind}, help desk", sample.texts[kind], helpdesk) for kind in FOR_HELPDESK]
        chance.shuffle(searches)
        with behind_wall([supplier_id]):
            measured(LOOK_UP, lambda: Account.objects.get(supplier_id=supplier_id, number=sample.number))  # noqa: B023
        for kind, text, member in searches:
            with behind_wall(None if member is helpdesk else [supplier_id]):
                found = measured(kind, lambda: find_customers(text, visible_to=member))  # noqa: B023
            if kind != "nobody" and not sample.is_in(found):
                missed[kind].append(text)
    json.dump({"took_ms": took, "missed": missed}, sys.stdout)


class _Sample:
    """An account and what its owner may say of it."""

    def __init__(self, row: tuple[Any, ...], chance: random.Random) -> None:
        self.account_id, self.number, self.surname, given_name, self.street_address, flat, serial, phone, email = row
        surname, street_address = self.surname, self.street_address
        self.texts = {
            "number": f"{self.number[:3]} {self.number[3:6]} {self.number[6:]}",
            "surname": surname,
            "surname with е for ё": surname.replace("ё", "е"),
            "surname misspelt": _misspelt(surname, chance),
            "surname and given name": f"{surname} {given_name}",
            "address": f"{street_address.removeprefix('ул. ')} кв {flat}".replace("д. ", "").replace(",", "").lower(),
            "address misspelt": f"{_misspelt(street_address.split(',')[0].removeprefix('ул. '), chance)}"
            f" {street_address.split('д. ')[1]} {flat}",
            "street": street_address.split(",")[0],
            "end of a number": self.number[-6:],
            "part of a serial number": serial[-6:-1],
            "surname on a Latin keyboard": "".join(_KEYS[letter] for letter in surname.lower()),
            "surname in Latin letters": "".join(IN_LATIN[letter] for letter in surname.lower()),
            "nobody": f"Ъ{_misspelt(_misspelt(surname[::-1], chance), chance)}",
        }
        if phone:
            self.texts["phone"] = f"8 ({phone[2:5]}) {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
            self.texts["e-mail"] = email.upper()
            self.texts["half an e-mail"] = email.split("@")[0]

    def is_in(self, found: Any) -> bool:
        """Tell whether it is shown or, where there are more than can be shown, others of its surname or street are."""
        shown = found.accounts
        if any(account.id == self.account_id for account in shown):
            return True
        same = (self.surname.removesuffix("а"), self.street_address.split(", ")[0])
        return found.is_cut and any(
            account.payer_name.split()[0].removesuffix("а") == same[0] or same[1] in account.address
            for account in shown
        )


def _sample(supplier_id: int, chance: random.Random) -> _Sample:
    from django.db import connection  # noqa: PLC0415 - settings first

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM accounts_account")
        [[last]] = cursor.fetchall()
        cursor.execute(
            """
            SELECT account.id, number, account.surname, account.given_name, street_address, flat,
                   serial_number, phone, email
            FROM accounts_account AS account
            JOIN meters_meter AS meter ON meter.supplier_id = account.supplier_id AND meter.account_id = account.id
            LEFT JOIN accounts_accountaccess AS access
                ON access.supplier_id = account.supplier_id AND access.account_id = account.id
            LEFT JOIN people_user AS owner ON owner.id = access.user_id
            WHERE account.supplier_id = %s AND account.id >= %s ORDER BY account.id LIMIT 1
            """,
            [supplier_id, chance.randint(1, last - 1000)],
        )
        return _Sample(cursor.fetchone(), chance)


def _misspelt(word: str, chance: random.Random) -> str:
    """Leave a letter out, say one twice, change two over, or write another, not at the beginning."""
    place = chance.randrange(1, len(word) - 1)
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    another = chance.choice(list(IN_LATIN))
    return chance.choice(
        [head + tail, head + letter + word[place:], head + tail[0] + letter + tail[1:], f"{head}{another}{tail}"]
    )


if __name__ == "__main__":
    main()
