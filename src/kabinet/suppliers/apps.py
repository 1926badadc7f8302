from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "kabinet.suppliers"
    label = "suppliers"
    verbose_name = "Поставщики"
