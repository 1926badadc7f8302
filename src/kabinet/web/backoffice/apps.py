from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "kabinet.web.backoffice"
    label = "backoffice"
