from django.apps import AppConfig


class CabinetConfig(AppConfig):
    name = "kabinet.web.cabinet"
    label = "cabinet"
