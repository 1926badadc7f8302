from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "kabinet.common"
    label = "common"
