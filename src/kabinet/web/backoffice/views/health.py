"""How payments fare, for operators."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kabinet.charges import queries as charges
from kabinet.payments.queries.health import Stuck, health
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office

MOST_SHOWN = 50

#: What commands call in English. A word that is not here is shown as it is.
WORDS: dict[str, Promise] = {
    "not checked": _("не спросили вовремя"),
    "not answered": _("уведомление без ответа"),
    "mismatch": _("у платёжной системы иначе"),
    "unresolved": _("30 дней без ответа"),
    "not approved": _("не подтверждён вторым сотрудником"),
    "no cheque": _("чек не зарегистрирован"),
    "not charged": _("автоплатёж не списан"),
    "not closed": _("день не закрыт"),
    "no register": _("реестр не пришёл"),
}
KINDS: dict[str, Promise] = {
    "payment": _("платёж"),
    "refund": _("возврат"),
    "receipt": _("чек"),
    "doorbell": _("уведомление"),
    "autopay_charge": _("списание"),
    "day": _("день"),
}


@office("health", rights.SEE_HEALTH)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    found = health(request.now, visible_to=request.user)
    standing = [
        Stuck(
            what=_("начисление не движется"),
            supplier_id=run.supplier_id,
            subject=f"{run.supplier_id}/{run.run_id}",
            since=run.since,
        )
        for run in charges.standing_runs(request.now)
    ]
    page = {"health": found, "stuck": [*standing, *_in_words(found.stuck[:MOST_SHOWN])]}
    return render(request, "office/health.html", page)


def _in_words(found: Iterable[Stuck]) -> Iterator[Stuck]:
    for stuck in found:
        kind, _colon, number = stuck.subject.partition(":")
        yield replace(stuck, what=str(WORDS.get(stuck.what, stuck.what)), subject=f"{KINDS.get(kind, kind)} {number}")
