from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kabinet.people"
    label = "people"

    def ready(self) -> None:
        from kabinet.people.adapters import checks, signals  # noqa: F401, PLC0415 - models are there only now
