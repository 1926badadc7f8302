"""Load a gateway's daily register: both files of a day, or the one that has come."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kabinet.audit import operations as audit
from kabinet.common.db import usecase
from kabinet.common.errors import Refusal
from kabinet.payments.gateways import RegisterUnreadable, StatementLine
from kabinet.payments.gateways.registry import dialect_of
from kabinet.payments.models import GatewayStatement, ReconciliationDay, Shop
from kabinet.payments.operations.statements import ask_to_compare, lock_day, store_statement
from kabinet.payments.queries.sides import shop_of_day
from kabinet.people.models import User
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights

PAYMENTS_FILE, REFUNDS_FILE = GatewayStatement.Source.PAYMENTS_FILE, GatewayStatement.Source.REFUNDS_FILE


class NothingToLoad(Refusal):
    code = "nothing-to-load"
    message = _("Выберите файл реестра.")


class LoadedAlready(Refusal):
    code = "register-loaded-already"
    message = _(
        "Файл «%(file_name)s» уже загружен %(loaded_on)s как реестр за %(day)s. "
        "Второй раз он не нужен: его строки уже сверены."
    )


class RegisterRefused(Refusal):
    code = "register-unreadable"
    message = _("Файл не прочитан, ничего не загружено: %(reason)s. Возьмите его у платёжной системы ещё раз.")


@usecase
def load_statement(
    *,
    supplier_id: int,
    shop_id: int,
    day: dt.date,
    payments_text: str | None,
    refunds_text: str | None,
    payments_name: str = "",
    refunds_name: str = "",
    actor: User | None,
    now: dt.datetime,
) -> ReconciliationDay:
    """Store each line as the gateway wrote it, and have the day compared anew.

    day            the Moscow day that the files are of; lines of other days are kept, and classed when it is compared
    payments_text  None when that file has not come; an empty one is the register of a day without operations
    actor          None for a command

    Raises NothingToLoad, LoadedAlready, RegisterRefused; NotFound for somebody else's shop; NotAllowed.
    """
    if actor is not None:
        check_right(actor, rights.RECONCILE, supplier_id)
    shop = shop_of_day(supplier_id, shop_id)
    locked = lock_day(shop, day)
    texts = {PAYMENTS_FILE: (payments_text, payments_name), REFUNDS_FILE: (refunds_text, refunds_name)}
    files = {source: (text, name) for source, (text, name) in texts.items() if text is not None}
    if not files:
        raise NothingToLoad
    for source, (text, name) in files.items():
        _refuse_a_repeat(shop, day, source, text, name)

    lines = {source: _read(shop, source, text) for source, (text, _name) in files.items()}
    for source, (text, name) in files.items():
        store_statement(
            shop,
            day,
            lines[source],
            source=source,
            content_sha256=_sha256(text),
            file_name=name,
            loaded_by=actor,
            now=now,
        )
    audit.note(
        action="register.loaded",
        actor=actor,
        now=now,
        supplier_id=supplier_id,
        subject=f"reconciliation_day:{locked.id}",
        details={"sha256": [_sha256(text) for text, _name in files.values()], "lines": sum(map(len, lines.values()))},
    )
    ask_to_compare(locked)
    return locked


def _refuse_a_repeat(shop: Shop, day: dt.date, source: str, text: str, name: str) -> None:
    """Refuse a file that has been loaded, for whatever day; files without a line are alike and count by their day."""
    loaded = GatewayStatement.objects.filter(
        Q(day=day) | Q(lines_count__gt=0),
        supplier_id=shop.supplier_id,
        shop=shop,
        source=source,
        content_sha256=_sha256(text),
    )
    if earlier := loaded.first():
        raise LoadedAlready(
            file_name=name or earlier.file_name,
            loaded_on=date_format(earlier.loaded_at, "d.m.Y"),
            day=date_format(earlier.day, "d.m.Y"),
        )


def _read(shop: Shop, source: str, text: str) -> Sequence[StatementLine]:
    """Read one file by itself: a chargeback may stand in either, and counts for as long as that file does."""
    texts = {PAYMENTS_FILE: "", REFUNDS_FILE: "", source: text}
    try:
        return dialect_of(shop.gateway).read_register(payments=texts[PAYMENTS_FILE], refunds=texts[REFUNDS_FILE])
    except RegisterUnreadable as unreadable:
        raise RegisterRefused(reason=str(unreadable)) from unreadable


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
