from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "kabinet.web.hooks"
    label = "hooks"
