"""Choose letters: somebody wants those of suppliers, or not."""

import datetime as dt

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.notices.models import LettersDeclined
from kabinet.people.models import User


@usecase
def choose_letters(*, wanted: bool, actor: User, now: dt.datetime) -> None:
    """Keep what somebody has chosen; the same again writes nothing. What the law asks for is sent in any case."""
    if wanted:
        has_changed = LettersDeclined.objects.filter(user=actor).delete()[0] > 0
    else:
        _declined, has_changed = LettersDeclined.objects.get_or_create(user=actor, defaults={"declined_at": now})
    if has_changed:
        audit.note(action="letters.wanted" if wanted else "letters.declined", actor=actor, now=now)
