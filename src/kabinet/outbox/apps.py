from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "kabinet.outbox"
    label = "outbox"
