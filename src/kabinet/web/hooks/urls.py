"""Addresses that gateways call."""

from django.urls import path

from kabinet.web.hooks import views

app_name = "hooks"

urlpatterns = [path("<slug:gateway>/<int:shop_pk>/<str:secret>/", views.ring, name="ring")]
