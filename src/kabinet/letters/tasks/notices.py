"""The letter of a supplier's notice."""

from procrastinate.contrib.django import app

from kabinet.letters.operations import RETRY, public_url, send
from kabinet.notices import queries
from kabinet.people.queries.letters import addressee


@app.task(name="letters.send_notice", queue="letters", priority=-10, retry=RETRY)
def send_notice(*, supplier_id: int, notice_id: int, user_id: int, is_sample: bool = False) -> None:
    """Send a notice to one of its readers: after letters that somebody waits for."""
    letter = queries.notice_letter(supplier_id, notice_id, user_id, is_sample=is_sample)
    to = addressee(user_id)
    if letter is None or to is None:
        return
    send(
        to=to.email,
        language=to.language,
        subject=letter.subject,
        template="letters/notice",
        context={"letter": letter, "link": public_url("cabinet:home"), "settings_link": public_url("cabinet:settings")},
        fact_id=f"notice/{supplier_id}/{notice_id}",
    )
