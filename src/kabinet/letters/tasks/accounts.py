"""Letters about accounts: who attached one, whose access has ended, which cabinet counts through numbers."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.accounts import queries
from kabinet.accounts.queries import AccountLetter
from kabinet.letters.operations import RETRY, public_url, send
from kabinet.people.queries.letters import addressee


@app.task(name="letters.send_account_attached", queue="letters", retry=RETRY)
def send_account_attached(*, supplier_id: int, account_id: int, user_id: int, fact_id: str) -> None:
    """Tell the full holders of an account that another cabinet has it now."""
    for letter in queries.letters_of_attachment(supplier_id, account_id, user_id):
        _send(
            letter,
            fact_id,
            subject=_("Ваш лицевой счёт подключили к другому кабинету"),
            template="letters/account_attached",
            link=public_url("cabinet:account_settings", supplier_id, account_id),
        )


@app.task(name="letters.send_account_access_ended", queue="letters", retry=RETRY)
def send_account_access_ended(*, supplier_id: int, account_id: int, user_id: int, fact_id: str) -> None:
    """Tell a person that a full holder took the account out of their cabinet."""
    _send(
        queries.letter_of_ended_access(supplier_id, account_id, user_id),
        fact_id,
        subject=_("Доступ к лицевому счёту прекращён"),
        template="letters/account_access_ended",
        link=public_url("cabinet:account_attach"),
    )


@app.task(name="letters.send_attaching_locked", queue="letters", retry=RETRY)
def send_attaching_locked(*, user_id: int, fact_id: str) -> None:
    """Raise the alarm with support: a cabinet counts through numbers."""
    send(
        to=settings.SUPPORT_EMAIL,
        subject=_("Перебор номеров: кабинет больше не подключает счета"),
        template="letters/attaching_locked",
        context={"user_id": user_id},
        fact_id=fact_id,
    )


def _send(letter: AccountLetter, fact_id: str, *, subject: Any, template: str, link: str) -> None:
    if to := addressee(letter.user_id):
        send(
            to=to.email,
            language=to.language,
            subject=subject,
            template=template,
            context={
                "number": letter.number,
                "supplier_name": letter.supplier_name,
                "who": letter.who,
                "link": link,
            },
            fact_id=fact_id,
        )
