"""Acts on who has an account in a cabinet."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.accounts.queries import holders, locked_cabinets
from kabinet.accounts.usecases.end_access import end_access
from kabinet.accounts.usecases.give_full_access import give_full_access
from kabinet.accounts.usecases.lift_attaching_lock import lift_attaching_lock
from kabinet.common.errors import NotFound
from kabinet.people.rules import rights
from kabinet.web.backoffice.forms.account_acts import FullAccessForm, UnlockForm
from kabinet.web.backoffice.views.account_acts.base import AccountAct
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


class OfHolder(AccountAct):
    """An act on somebody who has the account in their cabinet."""

    back = "office:account_cabinets"

    def prepare(self, subject_id: int | None) -> None:
        having = holders(self.account.supplier_id, self.account.id)
        holder = next((one for one in having if one.access_id == subject_id), None)
        if holder is None:
            raise NotFound
        self.access_id, self.user_id = holder.access_id, holder.user_id
        self.facts = [
            (_("Кабинет"), holder.masked_email),
            (_("Доступ"), _("полный") if holder.is_full else _("неполный")),
            (_("Подключён"), formats.moment(holder.attached_at, self.account.time_zone)),
        ]
        self.prepare_form()

    def prepare_form(self) -> None:
        raise NotImplementedError


class EndAccess(OfHolder):
    key = "access-end"
    title = gettext_lazy("Отключить счёт от кабинета")
    submit = gettext_lazy("Отключить")
    warning = gettext_lazy("Владелец кабинета получит письмо. Другие кабинеты останутся.")

    def prepare_form(self) -> None:
        self.form = Form(self.request.POST if self.request.method == "POST" else None)

    def do(self, given: dict[str, Any]) -> str:
        end_access(**self.whose, access_id=self.access_id)
        return _("Счёт отключён от кабинета.")


class FullAccess(OfHolder):
    key = "access-full"
    title = gettext_lazy("Дать полный доступ")
    submit = gettext_lazy("Дать доступ")
    warning = gettext_lazy("Владелец кабинета увидит начисления, показания и адрес. Сначала проверьте, что счёт его.")

    def prepare_form(self) -> None:
        self.form = FullAccessForm(self.sent)

    def do(self, given: dict[str, Any]) -> str:
        give_full_access(**self.whose, access_id=self.access_id, **given)
        return _("Полный доступ открыт.")


class Unlock(OfHolder):
    key = "attaching-unlock"
    title = gettext_lazy("Открыть подключение счетов")
    submit = gettext_lazy("Открыть")
    right = rights.ANSWER_QUESTIONS
    warning = gettext_lazy(
        "Из этого кабинета вводили номера счетов подряд. Сначала спросите, зачем они владельцу: "
        "так перебирают и чужие номера."
    )

    def prepare_form(self) -> None:
        if self.user_id not in locked_cabinets([self.user_id]):
            raise NotFound
        self.form = UnlockForm(self.sent)

    def do(self, given: dict[str, Any]) -> str:
        lift_attaching_lock(**self.who, user_id=self.user_id, **given)
        return _("Подключение счетов снова открыто.")


ACTS = (EndAccess, FullAccess, Unlock)
