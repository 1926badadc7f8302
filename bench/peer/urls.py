"""The portal's addresses, and the peer's doorbell."""

from django.urls import path

from bench.peer.views import ring
from kabinet.config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*urlpatterns, path("peer/<int:shop_pk>/", ring)]
"""The same middleware as ours."""
