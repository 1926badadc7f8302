"""Send a batch of a notice: the next accounts, and a letter to each person who has them and was not written to yet."""

import datetime as dt

from django.db import connection

from kabinet.common.db import usecase
from kabinet.notices import operations, queries
from kabinet.notices.models import Notice
from kabinet.notices.rules import Audience
from kabinet.outbox import operations as outbox

ACCOUNTS_OF_A_BATCH = 500


@usecase
def send_batch(*, supplier_id: int, notice_id: int, now: dt.datetime) -> bool:
    """Go one batch further; say whether there may be more.

    How far it went is kept in the same transaction as the jobs of its letters: whatever is cut off in between is done
    again whole, and what is done is not done again.
    """
    notice = operations.lock_notice(supplier_id, notice_id)
    if notice.state != Notice.State.SENDING:
        return False

    audience = Audience.from_json(notice.audience)
    account_ids = queries.next_accounts(supplier_id, audience, after_id=notice.handled_up_to, limit=ACCOUNTS_OF_A_BATCH)
    if account_ids:
        if not audience.is_everybody:
            _keep_accounts(notice, account_ids)
        user_ids = _new_readers(notice, account_ids) if notice.has_letter else []
        for user_id in user_ids:
            outbox.defer("letters.send_notice", supplier_id=supplier_id, notice_id=notice_id, user_id=user_id)
        notice.handled_up_to = account_ids[-1]
        notice.accounts_count += len(account_ids)
        notice.letters_count += len(user_ids)
    if len(account_ids) < ACCOUNTS_OF_A_BATCH:
        notice.state, notice.sent_at = Notice.State.SENT, now
    notice.save(update_fields=["state", "sent_at", "handled_up_to", "accounts_count", "letters_count"])
    return notice.state == Notice.State.SENDING


def _keep_accounts(notice: Notice, account_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notices_noticeaccount (supplier_id, notice_id, account_id)
            SELECT %s, %s, account_id FROM unnest(%s::bigint[]) AS account_id ON CONFLICT DO NOTHING
            """,
            [notice.supplier_id, notice.id, account_ids],
        )


def _new_readers(notice: Notice, account_ids: list[int]) -> list[int]:
    """Note who gets a letter now, and give them: nobody twice, nobody who wants none unless it must be."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notices_noticeletter (supplier_id, notice_id, user_id)
            SELECT DISTINCT %(supplier_id)s, %(notice_id)s, access.user_id
            FROM accounts_accountaccess AS access
            JOIN people_user AS person ON person.id = access.user_id AND person.is_active
            WHERE access.supplier_id = %(supplier_id)s AND access.account_id = ANY(%(account_ids)s)
                AND (%(is_mandatory)s OR NOT EXISTS (
                    SELECT FROM notices_lettersdeclined AS declined WHERE declined.user_id = access.user_id
                ))
            ON CONFLICT DO NOTHING
            RETURNING user_id
            """,
            {
                "supplier_id": notice.supplier_id,
                "notice_id": notice.id,
                "account_ids": account_ids,
                "is_mandatory": notice.is_mandatory,
            },
        )
        return sorted(user_id for (user_id,) in cursor.fetchall())
