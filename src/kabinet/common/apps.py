from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "kabinet.common"
    label = "common"

    def ready(self) -> None:
        from kabinet.common import fault_points  # noqa: F401, PLC0415 - registers its check
