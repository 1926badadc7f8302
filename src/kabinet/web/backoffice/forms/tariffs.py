"""Forms of prices, norms, factors, benefits and of how a supplier charges."""

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.charges.queries.policies import policy_choices
from kabinet.common.month import Month
from kabinet.payments.queries.office import SupplierChoice
from kabinet.suppliers.queries import ServiceCard
from kabinet.tariffs.formats.price_order import ENCODINGS
from kabinet.tariffs.rules import ZONES
from kabinet.web.backoffice.forms.filters import DayField
from kabinet.web.backoffice.forms.numbers import CountField, LastDayField, MonthsField, NumberField
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui import formats
from kabinet.web.ui.forms import Form

PRICE_UNITS = [("m3", _("₽ за 1 м³")), ("1000m3", _("₽ за 1000 м³"))]
NORM_UNITS = [("person", _("на человека")), ("m2", _("на м²")), ("unit", _("на единицу: баню, теплицу, голову скота"))]
NORM_PERIODS = [("month", _("в месяц")), ("year", _("в год"))]
FIRST_STEP = Decimal(0)
MOST_ORDER_KILOBYTES = 1024
MONTHS_AHEAD, MONTHS_BACK = 12, 24


class TariffFilterForm(Form):
    """What holds on a day, and for one purpose."""

    day = DayField(label=_("На какой день"), required=False)
    purpose = forms.ChoiceField(label=_("Направление"), required=False)

    def __init__(self, data: Any, *, purposes: Sequence[tuple[str, str]] | None = None) -> None:
        super().__init__(data)
        if purposes is None:
            del self.fields["purpose"]
        else:
            self.fields["purpose"].choices = [("", _("Все")), *purposes]

    @property
    def day_wanted(self) -> dt.date | None:
        return self.cleaned_data.get("day") if self.is_valid() else None

    @property
    def purpose_wanted(self) -> str:
        return self.cleaned_data.get("purpose", "") if self.is_valid() else ""


class SupplierForm(Form):
    """Whose tariffs to look at, where there are several to choose from."""

    supplier_id = forms.TypedChoiceField(label=_("Поставщик"), coerce=int)

    def __init__(self, *args: Any, suppliers: Sequence[SupplierChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier_id"].choices = [(supplier.id, supplier.name) for supplier in suppliers]


class DatedForm(Form):
    """What is set from a day on, by an order."""

    valid_from = DayField(label=_("Действует с"))
    valid_until = LastDayField(
        label=_("Последний день"), required=False, help_text=_("Оставьте пустым, если действует до следующего.")
    )
    source = forms.CharField(
        label=_("Приказ или закон"),
        max_length=250,
        help_text=_("Его увидят абоненты под «Как посчитано»."),
        error_messages={"required": _("Впишите приказ или закон: что это, номер и дата.")},
    )
    replaces = forms.BooleanField(
        label=_("Заменить то, что уже задано на эти дни"),
        required=False,
        help_text=_("До и после этих дней прежнее останется."),
    )


class PriceForm(DatedForm):
    service_id = forms.TypedChoiceField(label=_("Услуга"), coerce=int)
    usage_purpose_code = forms.ChoiceField(label=_("Направление использования газа"), required=False)
    zone = forms.ChoiceField(
        label=_("Зона"), required=False, choices=[("", _("все зоны")), *((zone, zone) for zone in ZONES)]
    )
    above_m3 = NumberField(
        label=_("Сверх объёма за год, м³"),
        places=3,
        required=False,
        help_text=_("Для цены без ступеней оставьте пустым."),
    )
    printed_price = NumberField(label=_("Цена, как в приказе"), places=5)
    printed_unit = forms.ChoiceField(label=_("За сколько эта цена"), choices=PRICE_UNITS)
    field_order = [
        "service_id",
        "usage_purpose_code",
        "zone",
        "above_m3",
        "printed_price",
        "printed_unit",
    ]

    def __init__(
        self, *args: Any, services: Sequence[ServiceCard], purposes: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = [(service.id, service.name) for service in services if service.is_main]
        self.fields["usage_purpose_code"].choices = _with_all(purposes)

    def clean_above_m3(self) -> Any:
        return self.cleaned_data["above_m3"] or FIRST_STEP


class RegionField(forms.SlugField):
    """A region as the accounts name it."""

    default_error_messages = {"invalid": _("Код региона пишут латинскими буквами, цифрами и дефисом.")}

    def __init__(self) -> None:
        super().__init__(
            label=_("Код региона"),
            max_length=40,
            required=False,
            help_text=_("Как у лицевых счетов. Пусто — для всех, у кого нет своего."),
        )


class NormForm(DatedForm):
    region_code = RegionField()
    usage_purpose_code = forms.ChoiceField(label=_("Направление использования газа"), required=False)
    unit = forms.ChoiceField(label=_("На что"), choices=NORM_UNITS)
    unit_code = forms.SlugField(
        label=_("Код единицы"),
        max_length=40,
        required=False,
        help_text=_("Только для норматива на единицу: bath, cow."),
    )
    unit_name = forms.CharField(label=_("Название единицы"), max_length=80, required=False)
    printed_value = NumberField(label=_("Норматив в акте, м³"), places=3)
    printed_period = forms.ChoiceField(label=_("За какой срок"), choices=NORM_PERIODS)
    profile = MonthsField(
        label=_("По месяцам, м³"),
        help_text=_("Для норматива за месяц, одинакового круглый год, оставьте пустым."),
    )
    field_order = [
        "region_code",
        "usage_purpose_code",
        "unit",
        "unit_code",
        "unit_name",
        "printed_value",
        "printed_period",
        "profile",
    ]

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["usage_purpose_code"].choices = _with_all(purposes)


class FactorForm(DatedForm):
    region_code = RegionField()
    factor = NumberField(label=_("Коэффициент"), places=5, digits=7)
    field_order = ["region_code", "factor"]


class BenefitForm(Form):
    code = forms.SlugField(
        label=_("Код"),
        max_length=40,
        help_text=_("Латинскими буквами: veteran."),
        error_messages={"required": _("Придумайте короткий код.")},
    )
    name = forms.CharField(
        label=_("Название"),
        max_length=160,
        help_text=_("Его увидят абоненты в начислениях."),
        error_messages={"required": _("Назовите льготу.")},
    )
    service_id = forms.TypedChoiceField(label=_("Услуга"), coerce=int)
    share_percent = NumberField(
        label=_("Доля стоимости, %"), places=2, digits=5, required=False, help_text=_("Или сумма в месяц ниже.")
    )
    limit_m3 = NumberField(
        label=_("В пределах, м³ в месяц"), places=3, required=False, help_text=_("Пусто — на весь объём.")
    )
    is_limit_per_head = forms.BooleanField(label=_("Предел — на каждого проживающего"), required=False)
    monthly_rub = SumField(label=_("Сумма в месяц"), required=False)
    funded_by = forms.CharField(
        label=_("Кто возмещает"), max_length=160, required=False, help_text=_("Например, бюджет области.")
    )
    source = forms.CharField(
        label=_("Закон или приказ"),
        max_length=250,
        error_messages={"required": _("Впишите закон или приказ: что это, номер и дата.")},
    )

    def __init__(self, *args: Any, services: Sequence[ServiceCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = [(service.id, service.name) for service in services]


class PolicyForm(Form):
    """How a supplier charges from a month on."""

    from_month = forms.TypedChoiceField(label=_("С какого месяца"), coerce=Month.parse)
    price_split = forms.ChoiceField(label=_("Если цена сменилась между показаниями"))
    average_of_months = CountField(label=_("Среднее считать за, месяцев"))
    average_at_most_months = CountField(label=_("Без показаний начислять по среднему не дольше, месяцев"))
    removed_at_most_months = CountField(label=_("Пока счётчик снят — по среднему не дольше, месяцев"))
    recalculate_norm_months = forms.ChoiceField(label=_("Пересчитывать месяцы по нормативу, когда показания вернулись"))
    odd_ratio = NumberField(label=_("Во сколько раз больше обычного — показать в отчёте"), places=2, digits=5)
    silent_months = CountField(label=_("Сколько месяцев без показаний — показать в отчёте"))
    charges_penalties = forms.BooleanField(label=_("Начислять пени"), required=False)
    penalty_recheck_months = CountField(label=_("За сколько месяцев перепроверять пени"))

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [Month.of(today).plus(ahead) for ahead in range(MONTHS_AHEAD, -MONTHS_BACK - 1, -1)]
        self.fields["from_month"].choices = [(str(month), formats.month_words(month)) for month in months]
        for name, choices in policy_choices().items():
            self.fields[name].choices = choices


class OrderForm(Form):
    """A file of prices. Looked at first, it stays in the page as `content` until it is loaded or thrown away."""

    file = forms.FileField(
        label=_("Файл приказа"), allow_empty_file=True, error_messages={"required": _("Выберите файл.")}
    )
    encoding = forms.ChoiceField(
        label=_("Кодировка"),
        required=False,
        choices=[("", _("узнать по метке файла")), *((name, name) for name in ENCODINGS)],
        help_text=_("Excel сохраняет «CSV UTF-8» с меткой, а просто «CSV» — в cp1251."),
    )
    replaces = forms.BooleanField(label=_("Заменить цены, которые уже заданы на эти дни"), required=False)
    content = forms.CharField(required=False, widget=forms.HiddenInput)
    file_name = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["file"].required = not (data and data.get("content"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, kept = cleaned.get("file"), cleaned.get("content")
        if file and file.size > MOST_ORDER_KILOBYTES * 1024:
            self.add_error("file", _("Файл больше 1 МБ. Проверьте, тот ли это файл."))
        elif file:
            cleaned["content"], cleaned["file_name"] = file.read(), file.name
        elif kept:
            try:
                cleaned["content"] = base64.b64decode(kept, validate=True)
            except (binascii.Error, ValueError):
                self.add_error("file", _("Файл потерялся по дороге. Выберите его ещё раз."))
        return cleaned

    @property
    def kept(self) -> str:
        """The file as the page keeps it between looking and loading."""
        return base64.b64encode(self.cleaned_data["content"]).decode()


def _with_all(purposes: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [("", _("для всех направлений")), *purposes]
