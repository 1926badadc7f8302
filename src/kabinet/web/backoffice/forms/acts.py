"""Forms of what staff do with money. They read what was typed; use-cases decide what is allowed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kabinet.payments.queries.office import StaffShareRow
from kabinet.payments.queries.reconciliation import ShopChoice
from kabinet.web.backoffice.forms.filters import DayField
from kabinet.web.cabinet.forms.pay import SumField
from kabinet.web.ui.forms import Form

MOST_MEGABYTES = 20


class NoteField(forms.CharField):
    """A few words in the hand of whoever decides: they stay with the decision for good."""

    default_error_messages = {"required": _("Напишите, почему: это останется вместе с решением.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=250, widget=forms.Textarea(attrs={"rows": "2"}), **kwargs)


class AccountNumberField(forms.CharField):
    """The number of an account, as it is printed."""

    default_error_messages = {"required": _("Впишите номер лицевого счёта.")}

    def __init__(self) -> None:
        super().__init__(label=_("Лицевой счёт"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ActForm(Form):
    """An act that is done once however often its button is pressed."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)


class CaptureForm(ActForm):
    amount_rub = SumField(label=_("Сколько списать"))


class ReleaseForm(ActForm):
    """Nothing but the press."""


class RefundForm(ActForm):
    """A refund; of a payment with several shares one may say how much each of them gives."""

    amount_rub = SumField(label=_("Сколько вернуть"))
    note = NoteField(label=_("Почему"))

    def __init__(self, *args: Any, shares: Sequence[StaffShareRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shares = {f"share_{share.id}_rub": share for share in shares if len(shares) > 1}
        for name, share in self._shares.items():
            label = _("Из них со счёта %(number)s, %(service)s")
            self.fields[name] = SumField(
                label=label % {"number": share.account_number, "service": share.service_name}, required=False
            )

    @property
    def shares_rub(self) -> dict[int, Decimal] | None:
        """What was typed for each share; None when all were left empty: then each gives its part."""
        typed = {share.id: self.cleaned_data[name] for name, share in self._shares.items() if self.cleaned_data[name]}
        return typed or None


class ChargebackForm(Form):
    reference = forms.CharField(
        label=_("Номер в письме банка или платёжной системы"),
        max_length=64,
        error_messages={"required": _("Впишите номер из письма: по нему отзыв не запишется дважды.")},
    )
    amount_rub = SumField(label=_("Сколько отозвал банк"))
    came_on = DayField(label=_("Когда списано"))
    note = NoteField(label=_("Примечание"), required=False)


class AllocateForm(ActForm):
    number = AccountNumberField()
    amount_rub = SumField(label=_("Сколько зачислить"))
    note = NoteField(
        label=_("На каком основании"),
        error_messages={"required": _("Напишите, на каком основании: например, по письму плательщика.")},
    )


class GiveBackForm(ActForm):
    amount_rub = SumField(label=_("Сколько вернуть"))
    note = NoteField(label=_("Почему"))


class NoteForm(Form):
    """Why a line of a day may stay as it is."""

    note = NoteField(
        label=_("Решение"),
        error_messages={
            "required": _("Напишите, почему строка может остаться такой: по этой записи день потом проверят.")
        },
    )


class DeclineForm(Form):
    """Why what a colleague proposed is not to be."""

    note = NoteField(
        label=_("Почему"), error_messages={"required": _("Напишите, почему: это прочтёт тот, кто предложил.")}
    )


class CloseDayForm(Form):
    note = NoteField(label=_("Примечание к дню"), required=False)


class RegisterForm(Form):
    """Files of a gateway, as it sent them: of UTF-8 or of the Windows code page that spreadsheets write."""

    payments_file = forms.FileField(label=_("Реестр платежей"), required=False, allow_empty_file=True)
    refunds_file = forms.FileField(label=_("Реестр возвратов"), required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("payments", "refunds"):
            file = cleaned.get(f"{name}_file")
            cleaned[f"{name}_text"] = self._text(f"{name}_file", file) if file else None
            cleaned[f"{name}_name"] = file.name if file else ""
        return cleaned

    def _text(self, field: str, file: Any) -> str | None:
        if file.size > MOST_MEGABYTES * 1024 * 1024:
            self.add_error(field, _("Файл больше 20 МБ. Проверьте, тот ли это файл."))
            return None
        content = file.read()
        for encoding in ("utf-8-sig", "cp1251"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        self.add_error(field, _("Это не текст. Нужен файл CSV, как его прислала платёжная система."))
        return None


class PayoutForm(Form):
    shop = forms.ChoiceField(label=_("Магазин"))
    reference = forms.CharField(
        label=_("Номер платёжного поручения"),
        max_length=64,
        error_messages={"required": _("Впишите номер платёжного поручения: он есть в выписке банка.")},
    )
    came_on = DayField(label=_("Поступило в день"))
    amount_rub = SumField(label=_("Поступило в банк"))
    fee_rub = SumField(label=_("Удержала платёжная система"))

    def __init__(self, *args: Any, shops: Sequence[ShopChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shops = {f"{shop.supplier_id}-{shop.shop_id}": shop for shop in shops}
        field = self.fields["shop"]
        field.choices = [(key, f"{shop.supplier_name} · {shop.title}") for key, shop in self._shops.items()]

    @property
    def chosen(self) -> ShopChoice:
        return self._shops[self.cleaned_data["shop"]]
