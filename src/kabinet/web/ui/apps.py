from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kabinet.web.ui"
    label = "ui"
