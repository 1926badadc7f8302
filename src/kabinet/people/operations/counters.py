"""Count tries, and close the door for a while when there are too many."""

import datetime as dt
import math

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kabinet.audit import operations as audit
from kabinet.common.db import transaction_required
from kabinet.common.errors import Refusal
from kabinet.people.models import SignInCounter
from kabinet.people.queries.links import key_hash
from kabinet.people.rules import guessing
from kabinet.people.rules.addresses import network_of

Kind = SignInCounter.Kind

LETTERS_WINDOW = dt.timedelta(hours=1)
LETTERS_TO_ADDRESS = 5
LETTERS_FROM_NETWORK = 30

CODES_WINDOW = dt.timedelta(minutes=10)
WRONG_CODES_FROM_NETWORK = 20


class TooManyTries(Refusal):
    """wait_s: seconds until the next try."""

    code = "too-many-tries"

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s=wait_s)
        self.wait_s = wait_s

    def __str__(self) -> str:
        if self.wait_s < 60:
            wait = ngettext_lazy("%(count)s секунду", "%(count)s секунды", "count") % {"count": self.wait_s}
        else:
            wait = ngettext_lazy("%(count)s минуту", "%(count)s минуты", "count") % {
                "count": math.ceil(self.wait_s / 60)
            }
        return str(_("Слишком много неудачных попыток. Попробуйте снова через %(wait)s.")) % {"wait": wait}


class OnlyByLink(Refusal):
    code = "only-by-link"
    message = _(
        "Слишком много неудачных попыток подряд, вход по паролю закрыт. Чтобы открыть его, нажмите «Забыли пароль?» и "
        "задайте новый пароль по ссылке из письма."
    )


class TooManyFromHere(Refusal):
    code = "too-many-from-here"
    message = _("С Вашего сетевого адреса слишком много неудачных попыток. Подождите 10 минут и попробуйте снова.")


class TooManyLetters(Refusal):
    code = "too-many-letters"
    message = _("Писем за последний час уже достаточно. Проверьте почту и папку «Спам» или повторите через час.")


class TooManyCodes(Refusal):
    code = "too-many-codes"
    field = "code"
    message = _("С Вашего сетевого адреса слишком много неверных кодов. Подождите 10 минут и попробуйте снова.")


@transaction_required
def begin_try(*, kind: str, key: str, ip: str, now: dt.datetime) -> None:
    """Count a try as wrong before it is checked, so that many at once cannot outrun the count.

    kind, key  the cabinet's address (canonical), or the known device, whose counter this is
    Raises TooManyFromHere, TooManyTries, OnlyByLink; then nothing was counted.
    """
    network = network_of(ip)
    if network:
        from_here = _locked(Kind.ADDRESS, network, now, window=guessing.ADDRESS_WINDOW)
        if from_here.wrong >= guessing.TRIES_OF_ADDRESS:
            raise TooManyFromHere
        from_here.tries += 1
        from_here.wrong += 1
        from_here.save()

    counter = _locked(kind, key, now)
    if counter.wrong >= guessing.LAST_TRY:
        raise OnlyByLink
    if counter.closed_until and now < counter.closed_until:
        raise TooManyTries(math.ceil((counter.closed_until - now).total_seconds()))
    counter.tries += 1
    counter.wrong += 1
    wait = guessing.wait_after(counter.wrong)
    counter.closed_until = now + wait if wait else None
    counter.save()
    if counter.wrong in {guessing.FREE_TRIES, guessing.LAST_TRY}:
        action = "sign-in.slowed" if counter.wrong == guessing.FREE_TRIES else "sign-in.closed"
        audit.note(action=action, actor=None, now=now, subject=f"counter:{counter.pk}")

    site = _locked(Kind.SITE, "", now, window=guessing.SITE_WINDOW)
    site.tries += 1
    site.wrong += 1
    site.save()


@transaction_required
def forgive_try(*, kind: str, key: str, ip: str) -> None:
    """Take back what ``begin_try`` counted: the password was right."""
    if network := network_of(ip):
        _of(Kind.ADDRESS, network).filter(wrong__gt=0).update(wrong=F("wrong") - 1)
    clear(kind=kind, key=key)
    _of(Kind.SITE, "").filter(wrong__gt=0).update(wrong=F("wrong") - 1)


@transaction_required
def clear(*, kind: str, key: str) -> None:
    """Open the door again: the owner proved to be one."""
    _of(kind, key).update(wrong=0, closed_until=None)


@transaction_required
def count_letter(*, to: str, ip: str, now: dt.datetime) -> None:
    """Count a letter that somebody asks for without being signed in, to an address that may be anybody's.

    to  the canonical form; counted alike whether there is such a cabinet or not
    Raises TooManyLetters.
    """
    limits = [(Kind.LETTERS_FROM, network_of(ip), LETTERS_FROM_NETWORK), (Kind.LETTERS, to, LETTERS_TO_ADDRESS)]
    for kind, key, limit in limits:
        if not key:
            continue
        counter = _locked(kind, key, now, window=LETTERS_WINDOW)
        if counter.tries >= limit:
            raise TooManyLetters
        counter.tries += 1
        counter.save()


@transaction_required
def begin_code(*, ip: str, now: dt.datetime) -> None:
    """Count the code of a paper as wrong before it is looked up. Raises TooManyCodes; then nothing was counted."""
    if not (network := network_of(ip)):
        return
    counter = _locked(Kind.CODES, network, now, window=CODES_WINDOW)
    if counter.wrong >= WRONG_CODES_FROM_NETWORK:
        raise TooManyCodes
    counter.tries += 1
    counter.wrong += 1
    counter.save()


@transaction_required
def forgive_code(*, ip: str) -> None:
    """Take back what ``begin_code`` counted: there is such a paper."""
    if network := network_of(ip):
        _of(Kind.CODES, network).filter(wrong__gt=0).update(wrong=F("wrong") - 1)


def _of(kind: str, key: str) -> QuerySet[SignInCounter]:
    return SignInCounter.objects.filter(kind=kind, key_hash=key_hash(kind, key))


def _locked(kind: str, key: str, now: dt.datetime, *, window: dt.timedelta | None = None) -> SignInCounter:
    """Give the counter with its row locked, empty if its window of time is over."""
    SignInCounter.objects.bulk_create(
        [SignInCounter(kind=kind, key_hash=key_hash(kind, key), window_started_at=now)], ignore_conflicts=True
    )
    counter = _of(kind, key).select_for_update().get()
    if window and now >= counter.window_started_at + window:
        counter.window_started_at, counter.tries, counter.wrong = now, 0, 0
        counter.save()
    return counter
