"""What staff do with an account: a table of acts, and one view that asks, says what will happen, and does it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kabinet.accounts.queries import account_for_staff
from kabinet.accounts.usecases.note_view import note_view
from kabinet.people.queries.staff import check_right
from kabinet.people.rules import rights
from kabinet.web.backoffice.access import office
from kabinet.web.backoffice.views.account_acts import cabinets, metering, meters_come_and_go, money, people
from kabinet.web.backoffice.views.account_acts.base import AccountAct
from kabinet.web.backoffice.views.acts import one_step, two_steps

ACTS: dict[str, type[AccountAct]] = {
    act.key: act for act in (*money.ACTS, *metering.ACTS, *meters_come_and_go.ACTS, *people.ACTS, *cabinets.ACTS)
}


@office("customers", rights.SEE_CUSTOMERS)
@require_http_methods(["GET", "POST"])
def act(
    request: HttpRequest, supplier_id: int, account_id: int, key: str, subject_id: int | None = None
) -> HttpResponse:
    """Do an act; its pages tell of the account, so that they are a view of its card.

    subject_id  the meter, reading, document … that it is about, where it is about one
    """
    act_class = ACTS.get(key)
    if act_class is None:
        raise Http404
    check_right(request.user, act_class.right, supplier_id)
    account = account_for_staff(supplier_id, account_id, visible_to=request.user)
    note_view(supplier_id=supplier_id, account_id=account_id, actor=request.user, now=request.now)
    wanted = act_class(request, account, subject_id)

    def do(given: dict[str, Any]) -> HttpResponse:
        messages.success(request, wanted.do(given))
        return redirect(wanted.back_url)

    if wanted.is_checked:
        return two_steps(request, wanted.form, wanted.page, check=wanted.check, do=do)
    return one_step(request, wanted.form, wanted.page, do=do)
