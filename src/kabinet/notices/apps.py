from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "kabinet.notices"
    label = "notices"
