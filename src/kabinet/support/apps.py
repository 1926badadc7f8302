from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "kabinet.support"
    label = "support"
