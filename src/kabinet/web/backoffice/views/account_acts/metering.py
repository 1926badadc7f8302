"""Acts on readings, and on the days on which a meter counts."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kabinet.charges.usecases.withdraw_reading import withdraw_reading
from kabinet.common.errors import NotFound
from kabinet.meters import queries as meters
from kabinet.meters.queries import ReadingRow
from kabinet.meters.usecases.end_outage import end_outage
from kabinet.meters.usecases.note_outage import note_outage
from kabinet.meters.usecases.record_reading import record_reading
from kabinet.meters.usecases.review_reading import review_reading
from kabinet.meters.usecases.verify_meter import verify_meter
from kabinet.web.backoffice.forms.account_acts import (
    EndOutageForm,
    OutageForm,
    ReviewForm,
    StaffReadingForm,
    VerifyForm,
    WithdrawForm,
)
from kabinet.web.backoffice.views.account_acts.base import AccountAct, OfMeter, meter_of
from kabinet.web.ui import formats


class Reading(OfMeter):
    key = "reading"
    title = gettext_lazy("Записать показание")
    submit = gettext_lazy("Записать")
    form: StaffReadingForm

    def prepare_form(self) -> None:
        self.form = StaffReadingForm(self.sent, meter=self.meter, initial={"taken_on": self.today, **self.once})

    def do(self, given: dict[str, Any]) -> str:
        record_reading(
            **self.who,
            meter_id=self.meter.id,
            scale_id=given["scale_id"],
            value_m3=given["value_m3"],
            taken_on=given["taken_on"],
            by_inspector=given["by_inspector"],
            request_id=given["request_id"],
            **self.form.answers,
        )
        return _("Показание записано и учтено.")


class Review(AccountAct):
    key = "review"
    title = gettext_lazy("Решить о показании")
    submit = gettext_lazy("Записать решение")
    back = "office:account_meters"

    def prepare(self, subject_id: int | None) -> None:
        reading = meters.reading_row(self.account, subject_id or 0)
        self.reading_id = reading.id
        self.form = ReviewForm(self.sent)
        self.facts = _facts(reading)

    def do(self, given: dict[str, Any]) -> str:
        is_accepted = given["decision"] == "accept"
        review_reading(**self.who, reading_id=self.reading_id, is_accepted=is_accepted, reason=given["reason"])
        return _("Показание учтено.") if is_accepted else _("Показание не учтено, абонент увидит почему.")


class Withdraw(AccountAct):
    key = "reading-withdraw"
    title = gettext_lazy("Отозвать показание")
    submit = gettext_lazy("Отозвать")
    warning = gettext_lazy(
        "Показание останется в истории и учитываться не будет. Следующее сравнят с тем, что было до него."
    )
    back = "office:account_meters"

    def prepare(self, subject_id: int | None) -> None:
        reading = meters.reading_row(self.account, subject_id or 0)
        self.reading_id = reading.id
        self.form = WithdrawForm(self.sent)
        self.facts = _facts(reading)

    def do(self, given: dict[str, Any]) -> str:
        withdraw_reading(**self.who, reading_id=self.reading_id, reason=given["reason"])
        return _("Показание отозвано, абонент увидит почему.")


class Verify(OfMeter):
    key = "verify"
    title = gettext_lazy("Записать поверку")
    submit = gettext_lazy("Записать")
    warning = gettext_lazy("Показание нужно, если прежняя поверка уже кончилась: с него счёт начнётся заново.")
    form: VerifyForm

    def prepare_form(self) -> None:
        self.form = VerifyForm(self.sent, meter=self.meter, initial={"verified_on": self.today, **self.once})
        if self.meter.verification_due_on:
            self.facts += [(_("Поверен до"), formats.day(self.meter.verification_due_on))]

    def do(self, given: dict[str, Any]) -> str:
        verify_meter(
            **self.who,
            meter_id=self.meter.id,
            verified_on=given["verified_on"],
            due_on=given["due_on"],
            opening_m3=self.form.dials("opening"),
            document=given["document"],
            request_id=given["request_id"],
        )
        return _("Поверка записана.")


class Outage(OfMeter):
    key = "outage"
    title = gettext_lazy("Отметить перерыв в учёте")
    submit = gettext_lazy("Отметить")
    warning = gettext_lazy("С этого дня показания не учитываются: начисляем по нормативу или по среднему.")

    def prepare_form(self) -> None:
        self.form = OutageForm(self.sent, reasons=meters.outage_reasons(), initial={"since": self.today})

    def do(self, given: dict[str, Any]) -> str:
        note_outage(**self.who, meter_id=self.meter.id, **given)
        return _("Перерыв в учёте отмечен.")


class EndOutage(AccountAct):
    key = "outage-end"
    title = gettext_lazy("Завершить перерыв в учёте")
    submit = gettext_lazy("Завершить")
    back = "office:account_meters"
    form: EndOutageForm

    def prepare(self, subject_id: int | None) -> None:
        rows = meters.outage_rows(self.account.supplier_id, self.account.id)
        outage = next((row for row in rows if row.id == subject_id), None)
        if outage is None:
            raise NotFound
        self.outage_id = outage.id
        meter = meter_of(self.account, outage.meter_id)
        self.form = EndOutageForm(self.sent, meter=meter, initial={"ended_on": self.today, **self.once})
        self.facts = [
            (_("Счётчик"), meter.serial_number),
            (_("Причина"), outage.reason_name),
            (_("С какого дня"), formats.day(outage.valid_from)),
        ]

    def do(self, given: dict[str, Any]) -> str:
        end_outage(
            **self.who,
            outage_id=self.outage_id,
            ended_on=given["ended_on"],
            opening_m3=self.form.dials("opening"),
            request_id=given["request_id"],
        )
        return _("Перерыв завершён: со следующего дня счётчик снова считает.")


def _facts(reading: ReadingRow) -> list[tuple[str, str]]:
    return [
        (_("Счётчик"), reading.meter_serial),
        (_("Показание"), formats.reading(reading.value_m3, reading.digits)),
        (_("Снято"), formats.day(reading.taken_on)),
        (_("Расход"), formats.volume(reading.volume_m3)),
    ]


ACTS = (Reading, Review, Withdraw, Verify, Outage, EndOutage)
