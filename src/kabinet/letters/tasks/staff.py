"""Letters about roles of staff."""

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, local_time, public_url, send
from kabinet.people.queries import letters as queries


@app.task(name="letters.send_staff_invitation", queue="letters", retry=RETRY)
def send_staff_invitation(*, invitation_id: int, version: int, fact_id: str) -> None:
    if letter := queries.invitation_letter(invitation_id, version):
        send(
            to=letter.to.email,
            language=letter.to.language,
            subject=_("Вас приглашают работать в Личном кабинете"),
            template="letters/staff_invitation",
            context={
                "link": public_url("cabinet:invitation", letter.token),
                "role": letter.role,
                "place": letter.place,
                "invited_by": letter.invited_by,
                "expires_at": local_time(letter.expires_at),
            },
            fact_id=fact_id,
        )


@app.task(name="letters.send_staff_role_given", queue="letters", retry=RETRY)
def send_staff_role_given(*, invitation_id: int, fact_id: str) -> None:
    if letter := queries.role_given_letter(invitation_id):
        for to in letter.to:
            send(
                to=to.email,
                language=to.language,
                subject=_("В Личном кабинете новый сотрудник"),
                template="letters/staff_role_given",
                context={
                    "name": letter.name,
                    "role": letter.role,
                    "place": letter.place,
                    "staff_link": public_url("office:staff"),
                },
                fact_id=fact_id,
            )
