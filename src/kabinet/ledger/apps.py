from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "kabinet.ledger"
    label = "ledger"
