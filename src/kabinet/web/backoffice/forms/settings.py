"""Forms of a supplier's own settings: a group of switches each, and its bank details."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.suppliers.queries import SupplierCard
from kabinet.web.backoffice.forms.numbers import NumberField
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui.forms import Form

CHANNELS = [("bank", _("для плательщиков в банках")), ("agent", _("для платёжных агентов"))]
PROOFS = [
    ("none", _("ничем")),
    ("meter_serial", _("последними 5 знаками заводского номера счётчика")),
    ("last_charge", _("суммой последнего начисления")),
    ("surname", _("фамилией плательщика")),
]
PHOTOS = [
    ("off", _("не принимать")),
    ("welcome", _("по желанию")),
    ("required", _("нужна, если расход намного больше обычного")),
]
ACCESSES = [("none", _("никакой")), ("lite", _("неполный: показания и оплата")), ("full", _("полный"))]


class Text(forms.CharField):
    """A few sentences to customers; empty: nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": "3"}), **kwargs)


class Switch(forms.BooleanField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class Count(forms.IntegerField):
    """A day of the month, or a number of days."""

    default_error_messages = {
        "required": _("Введите число."),
        "invalid": _("Введите число цифрами."),
        "min_value": _("Введите число не меньше %(limit_value)s."),
        "max_value": _("Введите число не больше %(limit_value)s."),
    }


class SettingsForm(Form):
    """A group of switches. Its fields are named as the settings are."""

    def __init__(self, data: Any, *, supplier: SupplierCard) -> None:
        super().__init__(data, initial={name: getattr(supplier, name) for name in type(self).base_fields})


class AttachingForm(SettingsForm):
    is_listed = Switch(label=_("Показывать поставщика в списке при подключении счёта"))
    number_hint = forms.CharField(label=_("Подсказка к номеру счёта"), max_length=250, required=False)
    number_example = forms.CharField(label=_("Пример номера"), max_length=40, required=False)
    proof = forms.ChoiceField(label=_("Чем подтверждают, что счёт свой"), choices=PROOFS)
    access_without_proof = forms.ChoiceField(label=_("Доступ без подтверждения"), choices=ACCESSES)


class ReadingsForm(SettingsForm):
    reading_opens_day = Count(label=_("Принимать с числа"), min_value=1, max_value=31)
    reading_closes_day = Count(
        label=_("Принимать по число"),
        min_value=1,
        max_value=31,
        help_text=_("Если оно меньше первого, окно переходит через конец месяца."),
    )
    lite_submits_readings = Switch(label=_("Принимать показания и при неполном доступе"))
    allow_rollover = Switch(label=_("Счётчик может пройти через ноль"))
    max_volume_m3 = NumberField(label=_("Наибольший расход за раз, м³"), min_value=Decimal("0.001"), places=3)
    plausible_ratio = NumberField(
        label=_("Во сколько раз больше обычного — переспросить"), min_value=1, places=2, digits=5
    )
    reading_photos = forms.ChoiceField(label=_("Фотография счётчика"), choices=PHOTOS)
    photo_days = Count(
        label=_("Сколько дней хранить фотографии"),
        min_value=30,
        max_value=1095,
        help_text=_(
            "Потом они стираются. Храните их не дольше, чем о показании могут спорить: так требует закон "
            "о персональных данных."
        ),
    )
    verification_notice_days = Count(label=_("За сколько дней напоминать о поверке"), min_value=0, max_value=365)
    reading_note = Text(label=_("Сообщение над показаниями"))


class PaymentForm(SettingsForm):
    accepts_payments = Switch(label=_("Принимать оплату в кабинете"))
    offers_autopay = Switch(label=_("Предлагать автоплатёж"))
    own_sum_limit_rub = SumField(label=_("Наибольшая сумма сверх долга"))
    payment_note = Text(label=_("Сообщение над оплатой"))
    offers_certificates = Switch(label=_("Выдавать справки об отсутствии задолженности"))
    announces_imported_charges = Switch(
        label=_("Писать о начислениях, которые пришли реестром"),
        help_text=_("Письмо получат все, у кого в кабинете есть счёт, впервые начисленный за последний месяц реестра."),
    )

    def __init__(self, data: Any, *, supplier: SupplierCard) -> None:
        super().__init__(data, supplier=supplier)
        if not supplier.is_billed_elsewhere:
            del self.fields["announces_imported_charges"]


class ContactsForm(SettingsForm):
    phone = forms.CharField(label=_("Телефон"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("Электронная почта"),
        required=False,
        help_text=_("На неё приходят и письма о смене банковских реквизитов."),
        error_messages={"invalid": _("Введите адрес целиком, например gaz@example.ru.")},
    )
    site = forms.URLField(
        label=_("Сайт"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Введите адрес сайта, например https://gaz.example.ru.")},
    )
    address = forms.CharField(label=_("Адрес"), max_length=250, required=False)


class PauseForm(SettingsForm):
    pause_note = Text(
        label=_("Почему и до какого дня"),
        help_text=_("Пока здесь есть текст, кабинет не принимает ни показаний, ни оплаты, и все видят этот текст."),
    )


class BankDetailsForm(Form):
    channel = forms.ChoiceField(label=_("Для кого"), choices=CHANNELS)
    bank_name = forms.CharField(
        label=_("Банк"), max_length=160, error_messages={"required": _("Впишите название банка, как в его справке.")}
    )
    bic = forms.CharField(
        label=_("БИК"),
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Впишите БИК банка: 9 цифр.")},
    )
    account_number = forms.CharField(
        label=_("Расчётный счёт"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Впишите расчётный счёт: 20 цифр.")},
    )
    correspondent_account = forms.CharField(
        label=_("Корреспондентский счёт"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Впишите корреспондентский счёт: 20 цифр.")},
    )
