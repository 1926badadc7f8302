from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "kabinet.config"
    label = "config"

    def ready(self) -> None:
        from kabinet.config import wall  # noqa: F401, PLC0415 - registers its check
