"""Forms of shops: keys are typed in and never shown again."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.payments.queries.shops import ShopCard
from kabinet.web.backoffice.forms.numbers import NumberField
from kabinet.web.backoffice.forms.settings import Switch
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui.forms import Form

GATEWAYS = [
    ("yookassa", _("ЮKassa")),
    ("sberbank_ecom", _("Сбербанк, новый протокол")),
    ("sberbank", _("Сбербанк, прежний протокол")),
]
COMMISSIONS = [("supplier", _("поставщик")), ("payer", _("плательщик"))]


class KeyField(forms.CharField):
    """A secret: what was typed is never written into the page again, also after a refusal."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
        super().__init__(**({"max_length": 500, "widget": widget} | kwargs))


class ShopForm(Form):
    """What makes a shop: two of its fields, and its gateway, never change again."""

    gateway = forms.ChoiceField(label=_("Платёжная система"), choices=GATEWAYS)
    title = forms.CharField(
        label=_("Название"),
        max_length=120,
        help_text=_("Как назвать его здесь: «Оплата газа»."),
        error_messages={"required": _("Впишите название.")},
    )
    shop_id = forms.CharField(
        label=_("Номер магазина"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("shopId в кабинете ЮKassa; у Сбербанка — логин пользователя API."),
        error_messages={"required": _("Впишите номер магазина.")},
    )
    secret = KeyField(
        label=_("Секретный ключ"),
        help_text=_("Из того же кабинета; у Сбербанка — пароль пользователя API. Здесь его больше не покажут."),
        error_messages={"required": _("Впишите ключ: без него магазин не примет ни одной оплаты.")},
    )
    callback_key = KeyField(
        label=_("Ключ подписи уведомлений"),
        required=False,
        help_text=_("Только для прежнего протокола Сбербанка; иначе оставьте пустым."),
    )
    is_test = Switch(
        label=_("Это тестовый магазин"),
        help_text=_("Он денег не берёт. Включить его можно только в учебной установке."),
    )


class ShopKeyForm(Form):
    """A new key of the same shop."""

    secret = KeyField(
        label=_("Новый секретный ключ"),
        required=False,
        help_text=_("Из кабинета платёжной системы. Пусто — оставить прежний."),
    )
    callback_key = KeyField(
        label=_("Новый ключ подписи уведомлений"), required=False, help_text=_("Пусто — оставить прежний.")
    )
    drops_callback_key = Switch(label=_("Больше не проверять подпись уведомлений"))
    renews_hook = Switch(
        label=_("Сменить адрес для уведомлений"),
        help_text=_("Прежний закроется сразу: впишите новый в кабинете платёжной системы."),
    )

    def __init__(self, data: Any, *, shop: ShopCard) -> None:
        super().__init__(data)
        if shop.gateway != "sberbank":
            del self.fields["callback_key"]
        if not shop.checks_calls:
            del self.fields["drops_callback_key"]

    def clean(self) -> dict[str, Any]:
        given = {"callback_key": "", "drops_callback_key": False} | (super().clean() or {})
        if not self.errors and not any(given.values()):
            raise forms.ValidationError(_("Впишите новый ключ или отметьте, что сменить."))
        return given


class ShopSettingsForm(Form):
    """What a shop does, and within which limits."""

    title = forms.CharField(label=_("Название"), max_length=120, error_messages={"required": _("Впишите название.")})
    takes_sbp = Switch(label=_("Принимает СБП по коду"))
    is_two_stage = Switch(
        label=_("Сначала блокирует деньги, потом списывает"),
        help_text=_("Списывает их бухгалтер, в «Платежах»."),
    )
    sends_payment_order = Switch(
        label=_("Передаёт платёж в ГИС ЖКХ"),
        help_text=_("Только ЮKassa: магазин для ЖКХ, каждый платёж — за один счёт."),
    )
    sends_receipts = Switch(label=_("Пробивает чеки"), help_text=_("Сначала задайте условия чеков."))
    saves_methods = Switch(
        label=_("Запоминает карты для автоплатежа"), help_text=_("Если это разрешает Ваш договор с платёжной системой.")
    )
    commission_by = forms.ChoiceField(label=_("Комиссию платит"), choices=COMMISSIONS)
    commission_percent = NumberField(
        label=_("Комиссия плательщика, %"), places=2, digits=4, min_value=0, max_value=10, initial=Decimal(0)
    )
    least_amount_rub = SumField(label=_("Наименьший платёж"))
    greatest_amount_rub = SumField(label=_("Наибольший платёж картой"))
    greatest_sbp_rub = SumField(label=_("Наибольший платёж через СБП"))
    refund_alone_rub = SumField(
        label=_("Возврат без второго сотрудника"),
        help_text=_("Возврат больше этой суммы подтверждает второй. У включённого магазина её можно только уменьшить."),
    )

    def __init__(self, data: Any, *, shop: ShopCard) -> None:
        super().__init__(data, initial={name: getattr(shop, name) for name in type(self).base_fields})
