"""What all acts on an account have in common."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.accounts.queries import StaffAccountCard
from kabinet.common.errors import NotFound
from kabinet.meters import queries as meters
from kabinet.meters.queries import MeterCard
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.views.acts import Act, Check
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


class AccountAct:
    """An act on an account, by one request.

    key         its word in the address
    right       who may do it
    back        where it is begun and where it ends
    is_checked  the second page says what it will do (`check`) before it is done
    form        what is typed, with what was sent
    """

    key: str
    title: Any
    submit: Any = ""
    warning: Any = ""
    right = rights.KEEP_ACCOUNTS
    back = "office:account"
    is_checked = False
    form: Form

    def __init__(self, request: HttpRequest, account: StaffAccountCard, subject_id: int | None) -> None:
        """Raises NotFound for a subject that this account does not have, or that the act does not take."""
        self.request, self.account = request, account
        self.facts: list[tuple[str, str]] = []
        self.who = {"supplier_id": account.supplier_id, "actor": request.user, "now": request.now}
        self.whose = {**self.who, "account_id": account.id}
        self.today = suppliers.local_day(request.now, account)
        self.prepare(subject_id)

    def prepare(self, subject_id: int | None) -> None:
        """Find the subject and make the form."""
        raise NotImplementedError

    def check(self, given: dict[str, Any]) -> Check:
        """Say what the form will do. May raise Refusal."""
        raise NotImplementedError

    def do(self, given: dict[str, Any]) -> str:
        """Do it, and say so. May raise Refusal."""
        raise NotImplementedError

    @property
    def sent(self) -> Any:
        return self.request.POST or None

    @property
    def once(self) -> dict[str, Any]:
        """The id of the one press of a new form, and today where a day is asked."""
        return {"request_id": uuid4()}

    @property
    def back_url(self) -> str:
        return reverse(self.back, args=[self.account.supplier_id, self.account.id])

    @property
    def page(self) -> Act:
        number = formats.account_number(self.account.number)
        return Act(
            title=str(self.title),
            about=f"{number} · {self.account.address}" if self.account.address else number,
            back_url=self.back_url,
            facts=self.facts,
            warning=str(self.warning),
            submit=str(self.submit),
        )


def without_subject(subject_id: int | None) -> None:
    """Raises NotFound where an act that is about the account itself is given something else."""
    if subject_id is not None:
        raise NotFound


class OfMeter(AccountAct):
    """An act on one of the account's meters."""

    back = "office:account_meters"
    meter: MeterCard

    def prepare(self, subject_id: int | None) -> None:
        self.meter = meter_of(self.account, subject_id)
        self.facts = [(_("Счётчик"), self.meter.serial_number), *_latest(self.meter)]
        self.prepare_form()

    def prepare_form(self) -> None:
        raise NotImplementedError


def meter_of(account: StaffAccountCard, meter_id: int | None) -> MeterCard:
    """Give a meter of an account. Raises NotFound."""
    for meter in meters.meters_of_account(account):
        if meter.id == meter_id:
            return meter
    raise NotFound


def _latest(meter: MeterCard) -> list[tuple[str, str]]:
    is_only = len(meter.scales) == 1
    return [
        (
            _("Последнее показание") if is_only else scale.name or scale.zone,
            f"{formats.reading(scale.previous_m3, meter.digits)}, {formats.day(scale.previous_on)}",
        )
        for scale in meter.scales
        if scale.previous_m3 is not None and scale.previous_on is not None
    ]
