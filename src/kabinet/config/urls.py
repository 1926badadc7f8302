"""Every address of the portal, by site."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from kabinet.web import health

# Superusers sign in as everybody does, through our counters and second factor; the admin's own form is never shown. It
# stands outside the wall between suppliers (common.wall): no role of staff opens it.
admin.autodiscover()
admin.site.has_permission = lambda request: request.user.is_active and request.user.is_superuser  # type: ignore[method-assign]
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("kabinet.web.cabinet.urls")),
    path("account/", include("kabinet.web.cabinet.urls_account")),
    path("hooks/", include("kabinet.web.hooks.urls")),
    path("", include("kabinet.web.ui.urls")),
    path("office/admin/", admin.site.urls),
    path("office/", include("kabinet.web.backoffice.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))

handler400 = "kabinet.web.ui.views.bad_request"
handler403 = "kabinet.web.ui.views.forbidden"
handler404 = "kabinet.web.ui.views.not_found"
handler429 = "kabinet.web.ui.views.too_many"  # allauth asks for this name when a limit of its own is reached
handler500 = "kabinet.web.ui.views.failed"
