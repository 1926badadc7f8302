from django.apps import AppConfig


class BillsConfig(AppConfig):
    name = "kabinet.bills"
    label = "bills"
