"""Roles of staff in Django's admin: given and taken away by use-cases, so that the audit trail knows."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from kabinet.people.models import StaffRole
from kabinet.people.rules import rights
from kabinet.people.usecases.grant_role import RoleHasItsPlace, grant_role
from kabinet.people.usecases.withdraw_role import withdraw_role


class StaffRoleForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "role" in given and not rights.has_its_place(given["role"], given.get("supplier")):
            self.add_error("supplier", str(RoleHasItsPlace()))
        return given


@admin.register(StaffRole)
class StaffRoleAdmin(admin.ModelAdmin):
    """A role is given or taken away, never changed into another. The use-cases have transactions of their own."""

    form = StaffRoleForm
    list_display = ("user", "role", "supplier")
    list_filter = ("role",)
    raw_id_fields = ("user",)
    actions = None

    def has_change_permission(self, request: HttpRequest, obj: StaffRole | None = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return self._changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return self._delete_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: StaffRole, form: forms.ModelForm, change: bool) -> None:
        granted = grant_role(
            email=obj.user.email, role=obj.role, supplier_id=obj.supplier_id, actor=request.user, now=request.now
        )
        obj.pk = granted.pk

    def delete_model(self, request: HttpRequest, obj: StaffRole) -> None:
        withdraw_role(
            user_id=obj.user_id, role=obj.role, supplier_id=obj.supplier_id, actor=request.user, now=request.now
        )
