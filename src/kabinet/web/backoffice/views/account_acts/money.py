"""Acts on what an account owes."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.charges import queries as charges
from kabinet.charges.usecases.adjust_charge import adjust_charge
from kabinet.charges.usecases.correct_month import CannotBeComputed, correct_month
from kabinet.charges.usecases.propose_document import propose_document
from kabinet.charges.usecases.restore_debt import restore_debt
from kabinet.charges.usecases.set_opening_balance import set_opening_balance
from kabinet.common.errors import NotFound, Refusal
from kabinet.common.month import Month
from kabinet.ledger import queries as ledger
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.forms.account_acts import (
    AdjustForm,
    CorrectMonthForm,
    OpeningForm,
    RestoreForm,
    ServiceSumForm,
    WriteOffForm,
)
from kabinet.web.backoffice.views.account_acts.base import AccountAct, without_subject
from kabinet.web.backoffice.views.acts import Check
from kabinet.web.ui import formats


class NotChargedHere(Refusal):
    code = "month-not-charged-here"
    field = "for_period"
    message = gettext_lazy("Этот месяц начислен не здесь: порядка начисления для него нет. Выберите другой месяц.")


class OfService(AccountAct):
    """An act on what is owed for one of the services."""

    right = rights.ADJUST_CHARGES
    is_checked = True
    form_class: type[ServiceSumForm]

    def prepare(self, subject_id: int | None) -> None:
        without_subject(subject_id)
        self.names = {service.id: service.name for service in suppliers.services(self.account.supplier_id)}
        self.form = self.form_class(self.sent, services=list(self.names.items()), initial=self.once)
        balances = ledger.balances_by_service(self.account.supplier_id, self.account.id)
        self.facts = [_owed(row.name, row.balance_rub) for row in balances]

    def words(self, given: dict[str, Any]) -> dict[str, str]:
        return {"sum": formats.rub(abs(given["amount_rub"])), "service": self.names[given["service_id"]]}

    def reason(self, given: dict[str, Any]) -> list[tuple[str, str]]:
        return [(_("Причина, как её увидит плательщик"), given["reason"])]

    def proposed(self, given: dict[str, Any], sentence: str) -> Check:
        """Say what another person will have to approve. given: with what the document adds, so below zero."""
        supplier_id = self.account.supplier_id
        is_alone = not charges.has_second_person(supplier_id, beside=self.request.user)
        return Check(
            sentence=sentence % self.words(given),
            submit=_("Предложить"),
            amount_rub=given["amount_rub"],
            facts=self.reason(given),
            warning=_("Провести документ пока некому: нужен ещё один бухгалтер или руководитель.")
            if is_alone
            else _("До решения другого сотрудника ничего не изменится."),
        )

    def propose(self, given: dict[str, Any], kind: str) -> str:
        propose_document(**self.whose, **given, kind=kind)
        return _("Документ ждёт второго сотрудника.")


class Adjust(OfService):
    key = "adjust"
    title = gettext_lazy("Корректировка")
    form_class = AdjustForm

    def check(self, given: dict[str, Any]) -> Check:
        if given["amount_rub"] < 0:
            return self.proposed(
                given,
                _("Предложим уменьшить на %(sum)s то, что счёт должен: %(service)s. Лишнее станет авансом."),
            )
        return Check(
            sentence=_("Прибавим %(sum)s к тому, что счёт должен: %(service)s.") % self.words(given),
            submit=_("Провести корректировку"),
            amount_rub=given["amount_rub"],
            facts=self.reason(given),
        )

    def do(self, given: dict[str, Any]) -> str:
        if given["amount_rub"] < 0:
            return self.propose(given, "adjustment")
        adjust_charge(**self.whose, **given)
        return _("Корректировка проведена.")


class WriteOff(OfService):
    key = "write-off"
    title = gettext_lazy("Списать долг")
    form_class = WriteOffForm
    warning = gettext_lazy("Списывают сначала самые давние начисления. Списание можно отменить: долг восстановится.")

    def check(self, given: dict[str, Any]) -> Check:
        sentence = _("Предложим списать %(sum)s долга за счёт поставщика: %(service)s.")
        return self.proposed(given | {"amount_rub": -given["amount_rub"]}, sentence)

    def do(self, given: dict[str, Any]) -> str:
        return self.propose(given | {"amount_rub": -given["amount_rub"]}, "write_off")


class Restore(AccountAct):
    key = "restore"
    title = gettext_lazy("Восстановить списанный долг")
    right = rights.ADJUST_CHARGES
    is_checked = True

    def prepare(self, subject_id: int | None) -> None:
        if subject_id is None:
            raise NotFound
        self.document = charges.document_of(self.account.supplier_id, self.account.id, subject_id)
        self.form = RestoreForm(self.sent, initial=self.once)
        self.facts = [
            (_("Списано"), formats.rub(-self.document.amount_rub)),
            (_("Услуга"), self.document.service_name),
            (_("Когда"), formats.moment(self.document.made_at, self.account.time_zone)),
            (_("Почему"), self.document.reason),
        ]

    def check(self, given: dict[str, Any]) -> Check:
        words = {"sum": formats.rub(-self.document.amount_rub), "service": self.document.service_name}
        return Check(
            sentence=_("Счёт снова будет должен %(sum)s: %(service)s.") % words,
            submit=_("Восстановить %(sum)s") % words,
            amount_rub=-self.document.amount_rub,
            facts=[(_("Причина, как её увидит плательщик"), given["reason"])],
            is_danger=True,
        )

    def do(self, given: dict[str, Any]) -> str:
        restore_debt(**self.who, write_off_id=self.document.id, **given)
        return _("Долг восстановлен.")


class OpeningBalance(OfService):
    key = "opening-balance"
    title = gettext_lazy("Входящий остаток")
    form_class = OpeningForm
    warning = gettext_lazy("Что счёт был должен, когда его перенесли из другой программы. Задаётся один раз по услуге.")

    def words(self, given: dict[str, Any]) -> dict[str, str]:
        return super().words(given) | {"day": formats.day(given["on"])}

    def check(self, given: dict[str, Any]) -> Check:
        if given["amount_rub"] < 0:
            return self.proposed(
                given, _("Предложим записать, что на начало %(day)s у счёта был аванс %(sum)s: %(service)s.")
            )
        return Check(
            sentence=_("На начало %(day)s счёт был должен %(sum)s: %(service)s.") % self.words(given),
            submit=_("Записать остаток"),
            amount_rub=given["amount_rub"],
            facts=self.reason(given),
        )

    def do(self, given: dict[str, Any]) -> str:
        if given["amount_rub"] < 0:
            return self.propose(given, "opening")
        set_opening_balance(**self.whose, **given)
        return _("Входящий остаток записан.")


class CorrectMonth(AccountAct):
    key = "correct"
    title = gettext_lazy("Пересчитать начисленный месяц")
    right = rights.ADJUST_CHARGES
    is_checked = True
    warning = gettext_lazy(
        "Прежние строки не изменятся: разница встанет отдельными строками в текущий месяц. "
        "Сначала увидите, сколько выйдет."
    )

    def prepare(self, subject_id: int | None) -> None:
        without_subject(subject_id)
        last = Month.of(self.today).previous()
        self.form = CorrectMonthForm(
            self.sent, last=last, initial={"for_period": self.request.GET.get("month", str(last))}
        )

    def check(self, given: dict[str, Any]) -> Check:
        if charges.policy_of(self.account.supplier_id, given["for_period"]) is None:
            raise NotChargedHere
        preview = charges.correction_preview(
            self.account.supplier_id, self.account.id, given["for_period"], reason=given["reason"]
        )
        if preview.oddities:
            raise CannotBeComputed(day=formats.day(dt.date.fromisoformat(preview.oddities[0].details["day"])))
        month = formats.month_words(given["for_period"])
        facts = [(_line_name(line), line.formula or formats.rub(line.amount_rub)) for line in preview.lines]
        if preview.next_reading_on:
            facts.append(
                (
                    _("Показание от %(day)s") % {"day": formats.day(preview.next_reading_on)},
                    _("ещё не начислено: его учтёт следующее начисление"),
                )
            )
        if not preview.lines and preview.next_reading_on:
            sentence = _("За %(month)s пересчитывать пока нечего: показание учтёт следующее начисление.")
        elif not preview.lines:
            sentence = _("За %(month)s всё посчитано верно: менять нечего.")
        elif preview.amount_rub > 0:
            sentence = _("За %(month)s доначислим %(sum)s.")
        else:
            sentence = _("За %(month)s вернём %(sum)s: долг станет меньше или появится аванс.")
        return Check(
            sentence=sentence % {"month": month, "sum": formats.rub(abs(preview.amount_rub))},
            submit=_("Провести перерасчёт"),
            amount_rub=preview.amount_rub if preview.lines else Decimal(0),
            facts=[*facts, (_("Причина, как её увидит плательщик"), given["reason"])],
        )

    def do(self, given: dict[str, Any]) -> str:
        if not correct_month(**self.whose, **given):
            return _("Менять нечего: месяц уже посчитан так.")
        return _("Перерасчёт проведён отдельными строками текущего месяца.")


def _line_name(line: Any) -> str:
    name = charges.kind_name(line.kind)
    return name[:1].upper() + name[1:]


def _owed(service_name: str, balance_rub: Decimal) -> tuple[str, str]:
    """Say what is owed for a service before the act."""
    words = _("%(service)s: переплата сейчас") if balance_rub < 0 else _("%(service)s: долг сейчас")
    return words % {"service": service_name}, formats.rub(abs(balance_rub))


ACTS = (Adjust, WriteOff, Restore, OpeningBalance, CorrectMonth)
