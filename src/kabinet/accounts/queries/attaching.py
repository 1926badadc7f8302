"""Who has which account, and what they may see of it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kabinet.accounts import rules
from kabinet.accounts.models import Account, AccountAccess, AttachAttempt, AttachingLock, ProofValue
from kabinet.common.errors import NotFound, Refusal
from kabinet.people.models import User

LITE = AccountAccess.Level.LITE.value
FULL = AccountAccess.Level.FULL.value


class FullAccessRequired(Refusal):
    """The account is in the cabinet, but what is asked for is shown after a proof only."""

    code = "full-access-required"
    message = _("Это видно при полном доступе к счёту. Подтвердите, что счёт Ваш.")


@dataclass(frozen=True)
class AccountCard:
    """An account as its holder may see it: under lite access the payer and the flat are masked.

    title    the name that the holder gave it, else its place, else its number
    address  locality, street and house; the flat under full access only
    """

    supplier_id: int
    id: int
    number: str
    supplier_name: str
    supplier_code: str
    alias: str
    title: str
    level: str
    payer_name: str
    address: str
    is_closed: bool
    usage_purpose_code: str
    position: int
    asks_proof: bool

    @property
    def is_full(self) -> bool:
        return self.level == FULL

    @property
    def can_be_proven(self) -> bool:
        """Whether a proof would raise the level."""
        return not self.is_full and self.asks_proof

    @property
    def key(self) -> str:
        """Both ids in one word, for forms."""
        return f"{self.supplier_id}-{self.id}"


@dataclass(frozen=True)
class Holder:
    """Somebody who has the account in their cabinet, as another holder may see them."""

    access_id: int
    user_id: int
    masked_email: str
    level: str
    attached_at: dt.datetime

    @property
    def is_full(self) -> bool:
        return self.level == FULL


@dataclass(frozen=True)
class AccountLetter:
    """What a letter says of an account.

    user_id  whom it goes to
    who      the newcomer, masked; empty where the letter is about the reader
    """

    user_id: int
    number: str
    supplier_name: str
    who: str = ""


@dataclass(frozen=True)
class Guess:
    """Who tries which account from where. ``network`` is ``rules.network_of`` the visitor's address."""

    user: User
    network: str
    supplier_id: int
    number: str


@dataclass(frozen=True)
class Tries:
    """What was tried within a day.

    numbers  those that this cabinet tried at this supplier, right ones and wrong ones
    """

    wrong_by_cabinet: int
    wrong_by_network: int
    wrong_proofs_of_number: int
    numbers: frozenset[str]


def accounts_of(user: User) -> list[AccountCard]:
    """Give the accounts of a cabinet in its owner's order."""
    return [_card(row) for row in _rows("access.user_id = %s", user.pk)]


def account_card(supplier_id: int, account_id: int, *, visible_to: User, level: str = LITE) -> AccountCard:
    """Give an account of somebody's cabinet.

    level  what the screen needs: "lite" or "full"

    Raises NotFound for an account that is not in the cabinet; FullAccessRequired when the access is not enough.
    """
    rows = _rows(
        "access.user_id = %s AND access.supplier_id = %s AND access.account_id = %s",
        visible_to.pk,
        supplier_id,
        account_id,
    )
    if not rows:
        raise NotFound
    card = _card(rows[0])
    if level == FULL and not card.is_full:
        raise FullAccessRequired
    return card


def account_id_by_number(supplier_id: int, number: str) -> int | None:
    """Give the id of a supplier's account by its normalised number."""
    return Account.objects.filter(supplier_id=supplier_id, number=number).values_list("id", flat=True).first()


def holders(supplier_id: int, account_id: int) -> list[Holder]:
    """Give everybody who has an account, those with full access first. For full holders, and for letters to them."""
    rows = (
        AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id)
        .order_by("level", "attached_at", "id")
        .values_list("id", "user_id", "user__email", "level", "attached_at")
    )
    return [Holder(row[0], row[1], rules.masked_email(row[2]), row[3], row[4]) for row in rows]


def has_full_holder(supplier_id: int, account_id: int) -> bool:
    return AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id, level=FULL).exists()


def has_account_of(supplier_id: int, user_id: int) -> bool:
    """Tell whether somebody has an account of a supplier in their cabinet, fully or not."""
    return AccountAccess.objects.filter(supplier_id=supplier_id, user_id=user_id).exists()


def is_attached(supplier_id: int, account_id: int | None, user: User) -> bool:
    """Say whether an account is in a cabinet; an account that is not there costs the same query."""
    return AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id or 0, user=user).exists()


def access_of(supplier_id: int, account_id: int, user: User) -> AccountAccess:
    """Give a person's own attachment. Raises NotFound."""
    access = AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id, user=user).first()
    if access is None:
        raise NotFound
    return access


def access_of_another(supplier_id: int, account_id: int, access_id: int, *, visible_to: User) -> AccountAccess:
    """Give another person's attachment of an account to somebody with full access to it.

    Raises NotFound for a stranger, for one's own attachment and for one that is not there; FullAccessRequired.
    """
    if not access_of(supplier_id, account_id, visible_to).is_full:
        raise FullAccessRequired
    others = AccountAccess.objects.filter(supplier_id=supplier_id, account_id=account_id, id=access_id)
    access = others.exclude(user=visible_to).first()
    if access is None:
        raise NotFound
    return access


def attached_count(user: User) -> int:
    return AccountAccess.objects.filter(user=user).count()


def is_attaching_locked(user: User) -> bool:
    return AttachingLock.objects.filter(user=user, lifted_at=None).exists()


def locked_cabinets(user_ids: Collection[int]) -> frozenset[int]:
    """Name the people among these whose cabinets attach nothing until support lets them again."""
    locks = AttachingLock.objects.filter(user_id__in=user_ids, lifted_at=None)
    return frozenset(locks.values_list("user_id", flat=True))


def proof_hashes(supplier_id: int, account_id: int | None, kind: str) -> list[str]:
    """Give the hashes that prove an account; none for an account that is not there, after the same query."""
    found = ProofValue.objects.filter(supplier_id=supplier_id, account_id=account_id or 0, kind=kind)
    return list(found.values_list("value_hash", flat=True))


def tries_before(guess: Guess, *, now: dt.datetime) -> Tries:
    """Count what was tried within the last day by the same cabinet, from the same network, and at the same number.

    What a cabinet tried before support lifted its lock does not count for it any more, or its next number would bring
    the lock back.
    """
    recent = AttachAttempt.objects.filter(made_at__gt=now - rules.COUNTED_FOR)
    outcome = AttachAttempt.Outcome
    wrong = Q(outcome__in=[outcome.UNKNOWN_NUMBER, outcome.WRONG_PROOF])
    forgiven = AttachingLock.objects.filter(user_id=OuterRef("user_id"), lifted_at__gte=OuterRef("made_at"))
    by_cabinet = recent.filter(~Exists(forgiven), user=guess.user)
    at_number = recent.filter(supplier_id=guess.supplier_id, number=guess.number)
    return Tries(
        wrong_by_cabinet=by_cabinet.filter(wrong).count(),
        wrong_by_network=recent.filter(wrong, network=guess.network).count() if guess.network else 0,
        wrong_proofs_of_number=at_number.filter(outcome=outcome.WRONG_PROOF).count(),
        numbers=frozenset(by_cabinet.filter(supplier_id=guess.supplier_id).values_list("number", flat=True)),
    )


def letters_of_attachment(supplier_id: int, account_id: int, user_id: int) -> list[AccountLetter]:
    """Give the letters to the other full holders of an account that somebody attached; none when that has ended."""
    by_user = {holder.user_id: holder for holder in holders(supplier_id, account_id)}
    newcomer = by_user.pop(user_id, None)
    if newcomer is None:
        return []
    number, supplier_name = _number_and_supplier(supplier_id, account_id)
    return [
        AccountLetter(holder.user_id, number, supplier_name, who=newcomer.masked_email)
        for holder in by_user.values()
        if holder.is_full
    ]


def letter_of_ended_access(supplier_id: int, account_id: int, user_id: int) -> AccountLetter:
    """Give the letter to a person whose access somebody else has ended."""
    return AccountLetter(user_id, *_number_and_supplier(supplier_id, account_id))


def _number_and_supplier(supplier_id: int, account_id: int) -> tuple[str, str]:
    return Account.objects.values_list("number", "supplier__name").get(supplier_id=supplier_id, id=account_id)


@dataclass(frozen=True)
class _Row:
    """What _rows reads, in its order."""

    supplier_id: int
    account_id: int
    level: str
    alias: str
    position: int
    number: str
    surname: str
    given_name: str
    patronymic: str
    locality: str
    street_address: str
    flat: str
    closed_on: dt.date | None
    usage_purpose_code: str
    supplier_name: str
    supplier_code: str
    proof: str


def _rows(condition: str, *values: Any) -> list[_Row]:
    """Read attachments in their owner's order. Every page asks: plain SQL, which needs no composing each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT access.supplier_id, access.account_id, access.level, access.alias, access.position,
                   account.number, account.surname, account.given_name, account.patronymic, account.locality,
                   account.street_address, account.flat, account.closed_on, account.usage_purpose_code,
                   supplier.name, supplier.code, supplier.proof
            FROM accounts_accountaccess AS access
            JOIN accounts_account AS account
                ON account.supplier_id = access.supplier_id AND account.id = access.account_id
            JOIN suppliers_supplier AS supplier ON supplier.id = access.supplier_id
            WHERE {condition}
            ORDER BY access.position, access.id
            """,  # noqa: S608 - the conditions are the two above
            values,
        )
        return [_Row(*row) for row in cursor.fetchall()]


def _card(row: _Row) -> AccountCard:
    is_full = row.level == FULL
    place = rules.place("", row.street_address, row.flat, is_full=is_full)
    return AccountCard(
        supplier_id=row.supplier_id,
        id=row.account_id,
        number=row.number,
        supplier_name=row.supplier_name,
        supplier_code=row.supplier_code,
        alias=row.alias,
        title=row.alias or place or row.number,
        level=row.level,
        payer_name=rules.payer_name(row.surname, row.given_name, row.patronymic, is_full=is_full),
        address=rules.place(row.locality, row.street_address, row.flat, is_full=is_full),
        is_closed=row.closed_on is not None,
        usage_purpose_code=row.usage_purpose_code,
        position=row.position,
        asks_proof=row.proof != "none",
    )
