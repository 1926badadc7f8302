from django.apps import AppConfig


class ChargesConfig(AppConfig):
    name = "kabinet.charges"
    label = "charges"
