"""Suppliers in Django's admin, for the staff of the installation. What has rules is saved by its use-case."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from kabinet.common.errors import Refusal
from kabinet.suppliers.models import BankDetails, PaymentTerm, Service, Supplier, UsagePurpose
from kabinet.suppliers.operations import check_bank_details, check_has_no_keepers, check_supplier_card
from kabinet.suppliers.usecases.save_bank_details import save_bank_details
from kabinet.suppliers.usecases.save_supplier_card import save_supplier_card


class _CheckedForm(forms.ModelForm):
    """A form that also shows the refusal of the use-case that will save what it holds."""

    def check_instance(self) -> None:
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.check_instance()
        except Refusal as refusal:
            self.add_error(refusal.field, forms.ValidationError(str(refusal), code=refusal.code))


class SupplierForm(_CheckedForm):
    def check_instance(self) -> None:
        check_supplier_card(self.instance)


class BankDetailsForm(_CheckedForm):
    def check_instance(self) -> None:
        check_has_no_keepers(self.instance.supplier_id)
        check_bank_details(self.instance)


class _ByUseCase(admin.ModelAdmin):
    """A use-case has a transaction of its own, so the admin must not open one around it. Nothing is deleted here."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self._changeform_view(request, object_id, form_url, extra_context)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Supplier)
class SupplierAdmin(_ByUseCase):
    form = SupplierForm
    list_display = ("name", "inn", "billing", "proof", "access_without_proof", "is_listed")
    list_filter = ("billing", "proof", "is_listed")
    search_fields = ("name", "full_name", "inn", "code")

    def save_model(self, request: HttpRequest, obj: Supplier, form: forms.ModelForm, change: bool) -> None:
        save_supplier_card(supplier=obj, actor=request.user, now=request.now)


@admin.register(BankDetails)
class BankDetailsAdmin(_ByUseCase):
    form = BankDetailsForm
    list_display = ("supplier", "channel", "account_number", "bic", "bank_name")
    list_filter = ("supplier", "channel")
    list_select_related = ("supplier",)

    def save_model(self, request: HttpRequest, obj: BankDetails, form: forms.ModelForm, change: bool) -> None:
        save_bank_details(details=obj, actor=request.user, now=request.now)


@admin.register(Service, UsagePurpose, PaymentTerm)
class SupplierListAdmin(admin.ModelAdmin):
    """Lists without rules of their own."""

    list_display = ("__str__", "supplier")
    list_filter = ("supplier",)
    list_select_related = ("supplier",)
