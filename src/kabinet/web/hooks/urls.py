"""Addresses that gateways call."""

app_name = "hooks"

urlpatterns: list = []
