"""Acts by which a meter comes or goes, and the one that closes the account."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.meters import queries as meters
from kabinet.meters.usecases.close_account import close_account
from kabinet.meters.usecases.install_meter import install_meter
from kabinet.meters.usecases.remove_meter import remove_meter
from kabinet.meters.usecases.replace_meter import replace_meter
from kabinet.suppliers import queries as suppliers
from kabinet.web.backoffice.forms.account_acts import CloseForm, InstallForm, RemoveForm, ReplaceForm
from kabinet.web.backoffice.views.account_acts.base import AccountAct, OfMeter, without_subject
from kabinet.web.backoffice.views.acts import Check
from kabinet.web.ui import formats


class Install(AccountAct):
    key = "install"
    title = gettext_lazy("Установить счётчик")
    submit = gettext_lazy("Записать счётчик")
    back = "office:account_meters"
    form: InstallForm

    def prepare(self, subject_id: int | None) -> None:
        without_subject(subject_id)
        self.form = InstallForm(
            self.sent,
            purposes=suppliers.usage_purposes(self.account.supplier_id),
            initial={"installed_on": self.today, **self.once},
        )

    def do(self, given: dict[str, Any]) -> str:
        install_meter(
            **self.whose, new=self.form.new, installed_on=given["installed_on"], request_id=given["request_id"]
        )
        return _("Счётчик записан: он считает со следующего дня.")


class Replace(OfMeter):
    key = "replace"
    title = gettext_lazy("Заменить счётчик")
    is_checked = True
    form: ReplaceForm

    def prepare_form(self) -> None:
        self.form = ReplaceForm(
            self.sent,
            meter=self.meter,
            purposes=suppliers.usage_purposes(self.account.supplier_id),
            initial={
                "replaced_on": self.today,
                "digits": self.meter.digits,
                "location": self.meter.location,
                **self.once,
            },
        )

    def check(self, given: dict[str, Any]) -> Check:
        names = {
            "old": self.meter.serial_number,
            "new": given["serial_number"],
            "day": formats.day(given["replaced_on"]),
        }
        return Check(
            sentence=_("Снимем счётчик № %(old)s: последний день %(day)s. Дальше считает № %(new)s.") % names,
            submit=_("Заменить счётчик"),
            facts=[
                *(
                    (_("Последнее показание, %(zone)s") % {"zone": zone}, formats.reading(value, self.meter.digits))
                    for zone, value in self.form.dials("closing").items()
                ),
                *(
                    (_("Начальное показание, %(zone)s") % {"zone": zone}, formats.reading(value, given["digits"]))
                    for zone, value in self.form.dials("opening").items()
                ),
            ],
        )

    def do(self, given: dict[str, Any]) -> str:
        replace_meter(
            **self.who,
            meter_id=self.meter.id,
            closing_m3=self.form.dials("closing"),
            new=self.form.new,
            replaced_on=given["replaced_on"],
            request_id=given["request_id"],
            **self.form.answers,
        )
        return _("Счётчик заменён.")


class Remove(OfMeter):
    key = "remove"
    title = gettext_lazy("Снять счётчик насовсем")
    is_checked = True
    warning = gettext_lazy("Если счётчик увезли на поверку или в ремонт и вернут, отметьте перерыв в учёте.")
    form: RemoveForm

    def prepare_form(self) -> None:
        self.form = RemoveForm(self.sent, meter=self.meter, initial={"removed_on": self.today, **self.once})

    def check(self, given: dict[str, Any]) -> Check:
        names = {"serial": self.meter.serial_number, "day": formats.day(given["removed_on"])}
        return Check(
            sentence=_("Снимем счётчик № %(serial)s насовсем: последний день %(day)s.") % names,
            submit=_("Снять счётчик"),
            is_danger=True,
        )

    def do(self, given: dict[str, Any]) -> str:
        remove_meter(
            **self.who,
            meter_id=self.meter.id,
            closing_m3=self.form.dials("closing"),
            removed_on=given["removed_on"],
            request_id=given["request_id"],
            **self.form.answers,
        )
        return _("Счётчик снят.")


class Close(AccountAct):
    key = "close"
    title = gettext_lazy("Закрыть лицевой счёт")
    is_checked = True
    warning = gettext_lazy("По закрытому счёту больше не начисляем. Долг остаётся, заплатить его можно и потом.")
    form: CloseForm

    def prepare(self, subject_id: int | None) -> None:
        without_subject(subject_id)
        own = [meter for meter in meters.meters_of_account(self.account) if not meter.is_removed]
        self.form = CloseForm(self.sent, meters=own, initial={"last_day": self.today, **self.once})

    def check(self, given: dict[str, Any]) -> Check:
        names = {"number": formats.account_number(self.account.number), "day": formats.day(given["last_day"])}
        return Check(
            sentence=_("Закроем счёт %(number)s: последний день %(day)s. Открыть его снова нельзя.") % names,
            submit=_("Закрыть счёт"),
            is_danger=True,
        )

    def do(self, given: dict[str, Any]) -> str:
        close_account(
            **self.whose,
            last_day=given["last_day"],
            closing_m3=self.form.closing_m3,
            unread_meter_ids=self.form.unread_meter_ids,
            request_id=given["request_id"],
            **self.form.answers,
        )
        return _("Лицевой счёт закрыт.")


ACTS = (Install, Replace, Remove, Close)
