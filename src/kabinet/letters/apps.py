from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "kabinet.letters"
    label = "letters"
