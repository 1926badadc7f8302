"""Shops in Django's admin, for the staff of the installation; payments there are read and never changed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kabinet.payments.models import Payment, Shop


class ShopForm(forms.ModelForm):
    """The key is typed in and never shown again; left empty, it stays as it is."""

    new_secret = forms.CharField(
        label=_("секретный ключ"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Из кабинета платёжной системы. Хранится зашифрованным; пусто — оставить прежний."),
    )

    def clean_new_secret(self) -> str:
        if not self.cleaned_data["new_secret"] and not self.instance.sealed_secret:
            raise forms.ValidationError(_("Введите ключ: без него магазин не примет ни одной оплаты."))
        return self.cleaned_data["new_secret"]

    def save(self, commit: bool = True) -> Any:
        if secret := self.cleaned_data["new_secret"]:
            self.instance.secret = secret
        return super().save(commit)


@admin.register(Shop)
class ShopAdmin(admin.ModelAdmin):
    form = ShopForm
    list_display = ("title", "supplier", "gateway", "shop_id", "is_test", "is_enabled")
    list_filter = ("gateway", "is_test", "is_enabled")
    readonly_fields = ("hook_address",)

    @admin.display(description=_("адрес для уведомлений"))
    def hook_address(self, shop: Shop) -> str:
        """What to enter in the gateway's cabinet; it is a secret, and a new version of it closes this one."""
        return settings.PUBLIC_URL + shop.hook_path if shop.pk else "—"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    list_display = ("public_id", "supplier", "state", "amount_rub", "created_at", "paid_at", "alarm")
    list_filter = ("state", "alarm", "supplier")
    search_fields = ("=public_id", "=gateway_payment_id")
    list_select_related = ("supplier",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
