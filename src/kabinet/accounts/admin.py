"""What support does about accounts: lift the lock of a cabinet that counted through numbers."""

from django.contrib import admin
from django.http import HttpRequest

from kabinet.accounts.models import AttachingLock
from kabinet.audit import operations as audit


@admin.register(AttachingLock)
class AttachingLockAdmin(admin.ModelAdmin):
    """Deleting a row lets the cabinet attach again."""

    list_display = ("user", "locked_at")
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AttachingLock | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: AttachingLock) -> None:
        audit.note(action="attaching.unlocked", actor=request.user, now=request.now, subject=f"user:{obj.user_id}")
        super().delete_model(request, obj)
