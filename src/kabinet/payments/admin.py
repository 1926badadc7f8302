"""Shops in Django's admin, for the staff of the installation; payments there are read and never changed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kabinet.common.days import local_day
from kabinet.payments.models import Payment, ReceiptTerms, Shop
from kabinet.payments.queries.receipts import missing_terms
from kabinet.people.queries.staff import staff_with_right
from kabinet.people.rules import rights
from kabinet.suppliers.models import Supplier
from kabinet.suppliers.queries import bank_details

#: What the payments of a shop are known by, here and at the gateway.
OF_PAYMENTS = ("supplier", "gateway", "shop_id", "is_test")


class ShopForm(forms.ModelForm):
    """Keys are typed in and never shown again; left empty, they stay as they are."""

    new_secret = forms.CharField(
        label=_("секретный ключ"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Из кабинета платёжной системы. Хранится зашифрованным; пусто — оставить прежний."),
    )
    new_callback_key = forms.CharField(
        label=_("ключ подписи уведомлений"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "Только для прежнего протокола Сбербанка. С ключом уведомления без верной подписи отклоняются; "
            "пусто — оставить прежний."
        ),
    )
    drops_callback_key = forms.BooleanField(label=_("больше не проверять подпись уведомлений"), required=False)

    def clean_new_secret(self) -> str:
        if not self.cleaned_data["new_secret"] and not self.instance.sealed_secret:
            raise forms.ValidationError(_("Введите ключ: без него магазин не примет ни одной оплаты."))
        return self.cleaned_data["new_secret"]

    def clean(self) -> dict[str, Any]:
        """Refuse what the chosen gateway's protocol does not have: it would be silently left out."""
        given = super().clean() or self.cleaned_data
        kind = given.get("gateway", self.instance.gateway)
        if given.get("sends_payment_order") and kind != Shop.Gateway.YOOKASSA:
            self.add_error("sends_payment_order", _("Сведения для ГИС ЖКХ передаёт только ЮKassa."))
        if given.get("new_callback_key") and kind != Shop.Gateway.SBERBANK:
            self.add_error("new_callback_key", _("Уведомления подписывает только прежний протокол Сбербанка."))
        supplier = given.get("supplier") or (self.instance.supplier if self.instance.pk else None)
        if supplier and staff_with_right(rights.SET_SHOPS, supplier.pk):
            raise forms.ValidationError(_("У поставщика есть кому вести магазины: их меняют в служебном разделе."))
        if given.get("is_enabled") and supplier:
            self._refuse_what_is_not_said(given, supplier)
        return given

    def _refuse_what_is_not_said(self, given: dict[str, Any], supplier: Supplier) -> None:
        """Refuse to take money by papers that could not be written: cheques without terms, orders without a payee."""
        if given.get("sends_receipts"):
            has_fee = given.get("commission_by") == Shop.CommissionBy.PAYER and bool(given.get("commission_percent"))
            missing = missing_terms(supplier.pk, on=local_day(timezone.now(), supplier.time_zone), has_fee=has_fee)
            if missing:
                text = _("Сначала задайте условия чеков на сегодня: %(missing)s.") % {"missing": "; ".join(missing)}
                self.add_error("sends_receipts", text)
        if given.get("sends_payment_order") and all(row.is_for_agents for row in bank_details(supplier.pk)):
            self.add_error("sends_payment_order", _("Сначала задайте расчётный счёт поставщика: его называет платёж."))

    def save(self, commit: bool = True) -> Any:
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = secret
        if self.cleaned_data["drops_callback_key"]:
            self.instance.callback_key = ""
        elif callback_key := self.cleaned_data["new_callback_key"]:
            self.instance.callback_key = callback_key
        return super().save(commit)


@admin.register(Shop)
class ShopAdmin(admin.ModelAdmin):
    form = ShopForm
    list_display = ("title", "supplier", "gateway", "shop_id", "is_test", "is_enabled")
    list_filter = ("gateway", "is_test", "is_enabled")
    readonly_fields = ("hook_address", "refused_at", "refusal", "signature")
    fieldsets = (
        (None, {"fields": ("supplier", "gateway", "title", "is_enabled", "is_test")}),
        (
            _("Договор с платёжной системой"),
            {
                "fields": (
                    "shop_id",
                    "new_secret",
                    "refused_at",
                    "refusal",
                    "hook_address",
                    "hook_version",
                    "signature",
                    "new_callback_key",
                    "drops_callback_key",
                )
            },
        ),
        (
            _("Что умеет магазин"),
            {"fields": ("takes_sbp", "is_two_stage", "sends_payment_order", "sends_receipts", "saves_methods")},
        ),
        (_("Комиссия"), {"fields": ("commission_by", "commission_percent")}),
        (
            _("Границы сумм"),
            {"fields": ("least_amount_rub", "greatest_amount_rub", "greatest_sbp_rub", "refund_alone_rub")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what the payments of a shop are known by: with another number each of them would contradict us."""
        is_known_by_payments = (
            obj is not None and Payment.objects.filter(supplier_id=obj.supplier_id, shop=obj).exists()
        )
        return (*self.readonly_fields, *(OF_PAYMENTS if is_known_by_payments else ()))

    @admin.display(description=_("адрес для уведомлений"))
    def hook_address(self, shop: Shop) -> str:
        """What to enter in the gateway's cabinet; it is a secret, and a new version of it closes this one."""
        return settings.PUBLIC_URL + shop.hook_path if shop.pk else "—"

    @admin.display(description=_("подпись уведомлений"))
    def signature(self, shop: Shop) -> str:
        return str(_("проверяется") if shop.sealed_callback_key else _("не проверяется"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ReceiptTerms)
class ReceiptTermsAdmin(admin.ModelAdmin):
    """Dated: what has begun is ended by its last day and followed by a new row, never changed after the fact."""

    list_display = ("supplier", "service", "case", "vat_code", "payment_mode", "valid_from", "valid_until")
    list_filter = ("supplier", "case")
    list_select_related = ("supplier", "service")


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    list_display = ("public_id", "supplier", "state", "amount_rub", "created_at", "paid_at", "alarm")
    list_filter = ("state", "alarm", "supplier")
    search_fields = ("=public_id", "=gateway_payment_id")
    list_select_related = ("supplier",)
    show_full_result_count = False
    exclude = ("request_body",)  # a charge of a saved card names it until the gateway has answered

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
