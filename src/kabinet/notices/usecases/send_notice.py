"""Send a notice: after a second look the worker tells everybody whom it is for."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.notices import operations, queries
from kabinet.notices.models import Notice
from kabinet.notices.rules import Audience
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers


class NobodyToTell(Refusal):
    code = "notice-nobody"
    message = _("По этим условиям нет ни одного открытого счёта. Измените, кому отправить.")


class BannerOver(Refusal):
    code = "notice-banner-over"
    message = _("Дни, в которые сообщение показывают в кабинете, уже прошли. Измените их.")


class ReachChanged(Refusal):
    code = "notice-reach-changed"
    message = _("Пока Вы проверяли, получателей стало %(now)s вместо %(seen)s. Проверьте ещё раз и отправьте.")


class Rewritten(Refusal):
    code = "notice-rewritten"
    message = _("Пока Вы проверяли, черновик изменили. Прочитайте его ещё раз и отправьте.")


@usecase
def send_notice(
    *,
    supplier_id: int,
    notice_id: int,
    seen_written_at: dt.datetime,
    seen_accounts: int,
    actor: User,
    now: dt.datetime,
) -> Notice:
    """Have the worker send a draft; one that is being sent, was sent or was stopped stays as it is.

    seen_written_at  when what the page with the second look showed was written: a draft changed since is another one
    seen_accounts    how many accounts that page spoke of; a number that is off by more than a tenth is another audience

    Raises Rewritten, NobodyToTell, BannerOver, ReachChanged; NotFound and NotAllowed for whoever lacks the right.
    Source: docs/adr/0187.
    """
    check_right(actor, rights.SEND_NOTICES, supplier_id)
    notice = operations.lock_notice(supplier_id, notice_id)
    if notice.state != Notice.State.DRAFT:
        return notice

    if notice.written_at != seen_written_at:
        raise Rewritten
    today = suppliers.local_day(now, suppliers.supplier_card(supplier_id))
    if notice.shown_until is not None and notice.shown_until <= today:
        raise BannerOver
    accounts_count = queries.reach(supplier_id, Audience.from_json(notice.audience)).accounts_count
    if not accounts_count:
        raise NobodyToTell
    if abs(accounts_count - seen_accounts) * 10 > seen_accounts:
        raise ReachChanged(now=accounts_count, seen=seen_accounts)
    notice.state, notice.sent_by, notice.sending_since = Notice.State.SENDING, actor, now
    notice.save(update_fields=["state", "sent_by", "sending_since"])
    operations.ask_worker(notice)
    operations.note("notice.sent", notice, actor=actor, now=now)
    return notice
