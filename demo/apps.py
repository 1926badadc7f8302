from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"

    def ready(self) -> None:
        from demo import checks  # noqa: F401, PLC0415  registering is what importing it is for
