"""Cabinets that counted through numbers, for the staff of the installation to look at; support lets them go on."""

from django.contrib import admin
from django.http import HttpRequest

from kabinet.accounts.models import AttachingLock


@admin.register(AttachingLock)
class AttachingLockAdmin(admin.ModelAdmin):
    """The office lifts a lock, on the account's card or on the question (`lift_attaching_lock`)."""

    list_display = ("user", "locked_at", "lifted_at")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AttachingLock | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AttachingLock | None = None) -> bool:
        return False
