"""Acts on who lives at an account, and on its benefits and fees."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.accounts.queries import absence_rows
from kabinet.accounts.usecases.note_absence import note_absence
from kabinet.accounts.usecases.set_norm_units import set_norm_units
from kabinet.accounts.usecases.set_residents import set_residents
from kabinet.accounts.usecases.set_usage import set_usage
from kabinet.accounts.usecases.withdraw_absence import withdraw_absence
from kabinet.common.errors import NotFound
from kabinet.people.rules import rights
from kabinet.suppliers import queries as suppliers
from kabinet.tariffs.queries import lists as tariffs
from kabinet.tariffs.usecases.end_benefit import end_benefit
from kabinet.tariffs.usecases.end_monthly_fee import end_monthly_fee
from kabinet.tariffs.usecases.grant_benefit import grant_benefit
from kabinet.tariffs.usecases.set_monthly_fee import set_monthly_fee
from kabinet.web.backoffice.forms.account_acts import (
    AbsenceForm,
    EndForm,
    FeeForm,
    GrantForm,
    ResidentsForm,
    UnitsForm,
    UsageForm,
)
from kabinet.web.backoffice.views.account_acts.base import AccountAct, without_subject
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form


class OfPeople(AccountAct):
    back = "office:account_people"
    submit = gettext_lazy("Записать")
    warning = gettext_lazy("Месяцы, которые уже начислены, сами не изменятся: их пересчитывают отдельно.")

    def prepare(self, subject_id: int | None) -> None:
        without_subject(subject_id)
        self.prepare_form()

    def prepare_form(self) -> None:
        raise NotImplementedError


class Residents(OfPeople):
    key = "residents"
    title = gettext_lazy("Проживающие и площадь")

    def prepare_form(self) -> None:
        known = {"since": self.today, "residents_count": self.account.residents_count}
        self.form = ResidentsForm(self.sent, initial=known)

    def do(self, given: dict[str, Any]) -> str:
        set_residents(**self.whose, **given)
        return _("Проживающие записаны.")


class Usage(OfPeople):
    key = "usage"
    back = "office:account"
    title = gettext_lazy("Направление использования газа")
    warning = gettext_lazy(
        "От направления зависят цена и норматив. Месяцы, которые уже начислены, сами не изменятся; "
        "если их пересчитать, перерасчёт пойдёт по новому направлению."
    )

    def prepare_form(self) -> None:
        known = {"usage_purpose_code": self.account.usage_purpose_code, "region_code": self.account.region_code}
        purposes = suppliers.usage_purposes(self.account.supplier_id)
        self.form = UsageForm(self.sent, initial=known, purposes=purposes)

    def do(self, given: dict[str, Any]) -> str:
        set_usage(**self.whose, **given)
        return _("Направление записано.")


class Absent(OfPeople):
    key = "absence"
    title = gettext_lazy("Временное отсутствие")

    def prepare_form(self) -> None:
        self.form = AbsenceForm(self.sent)

    def do(self, given: dict[str, Any]) -> str:
        note_absence(**self.whose, **given)
        return _("Отсутствие записано.")


class WithdrawAbsent(OfPeople):
    key = "absence-withdraw"
    title = gettext_lazy("Отменить запись об отсутствии")
    submit = gettext_lazy("Отменить запись")
    warning = gettext_lazy(
        "Норматив этих дней снова посчитаем на всех проживающих. Месяцы, которые уже начислены, сами не изменятся: "
        "их пересчитывают отдельно."
    )

    def prepare(self, subject_id: int | None) -> None:
        rows = absence_rows(self.account.supplier_id, self.account.id)
        absence = next((row for row in rows if row.id == subject_id), None)
        if absence is None:
            raise NotFound
        self.absence_id = absence.id
        self.facts = [
            (_("Первый день отсутствия"), formats.day(absence.valid_from)),
            (_("Последний день отсутствия"), formats.day(absence.last_day)),
            (_("Сколько человек отсутствовало"), str(absence.residents_count)),
            (_("Чем подтверждено"), absence.document),
        ]
        self.form = Form(self.request.POST if self.request.method == "POST" else None)

    def do(self, given: dict[str, Any]) -> str:
        withdraw_absence(**self.who, absence_id=self.absence_id)
        return _("Запись об отсутствии отменена.")


class Units(OfPeople):
    key = "units"
    title = gettext_lazy("Что ещё считает норматив")

    def prepare_form(self) -> None:
        units = tariffs.norm_units(self.account.supplier_id)
        self.form = UnitsForm(self.sent, units=[(code, name or code) for code, name in units])

    def do(self, given: dict[str, Any]) -> str:
        set_norm_units(**self.whose, **given)
        return _("Количество записано.")


class Grant(OfPeople):
    key = "benefit"
    title = gettext_lazy("Назначить льготу")
    submit = gettext_lazy("Назначить")

    def prepare_form(self) -> None:
        benefits = tariffs.benefits(self.account.supplier_id, day=self.today, visible_to=self.request.user)
        self.form = GrantForm(self.sent, benefits=[(row.id, row.name) for row in benefits])

    def do(self, given: dict[str, Any]) -> str:
        grant_benefit(**self.whose, **given)
        return _("Льгота назначена.")


class Fee(OfPeople):
    key = "fee"
    title = gettext_lazy("Ежемесячная плата")
    right = rights.SET_TARIFFS

    def prepare_form(self) -> None:
        services = [(service.id, service.name) for service in suppliers.services(self.account.supplier_id)]
        self.form = FeeForm(self.sent, services=services)

    def do(self, given: dict[str, Any]) -> str:
        set_monthly_fee(**self.whose, **given)
        return _("Плата записана.")


class EndGrant(OfPeople):
    key = "benefit-end"
    title = gettext_lazy("Завершить льготу")
    submit = gettext_lazy("Завершить")

    def prepare(self, subject_id: int | None) -> None:
        rows = tariffs.grants(self.account.supplier_id, self.account.id, visible_to=self.request.user)
        grant = next((row for row in rows if row.id == subject_id), None)
        if grant is None:
            raise NotFound
        self.grant_id = grant.id
        self.facts = [(_("Льгота"), grant.benefit_name), (_("С какого дня"), formats.day(grant.valid_from))]
        self.form = EndForm(self.sent)

    def do(self, given: dict[str, Any]) -> str:
        end_benefit(**self.who, grant_id=self.grant_id, **given)
        return _("Последний день льготы записан.")


class EndFee(OfPeople):
    key = "fee-end"
    title = gettext_lazy("Завершить плату")
    submit = gettext_lazy("Завершить")
    right = rights.SET_TARIFFS

    def prepare(self, subject_id: int | None) -> None:
        rows = tariffs.fees(self.account.supplier_id, self.account.id, visible_to=self.request.user)
        fee = next((row for row in rows if row.id == subject_id), None)
        if fee is None:
            raise NotFound
        self.fee_id = fee.id
        self.facts = [
            (_("Услуга"), fee.service_name),
            (_("В месяц"), formats.rub(fee.monthly_rub)),
            (_("С какого дня"), formats.day(fee.valid_from)),
        ]
        self.form = EndForm(self.sent)

    def do(self, given: dict[str, Any]) -> str:
        end_monthly_fee(**self.who, fee_id=self.fee_id, **given)
        return _("Последний день платы записан.")


ACTS = (Residents, Usage, Absent, WithdrawAbsent, Units, Grant, Fee, EndGrant, EndFee)
