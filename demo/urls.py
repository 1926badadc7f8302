"""Addresses of the demonstration alone."""

from django.urls import path, register_converter

from demo import views


class LetterName:
    """The name that the mailbox gives to a letter: a moment in nanoseconds and eight hexadecimal digits."""

    regex = "[0-9]{19}-[0-9a-f]{8}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LetterName, "letter")

app_name = "demo"
urlpatterns = [
    path("mailbox/", views.mailbox_list, name="mailbox"),
    path("mailbox/<letter:name>/", views.mailbox_letter, name="letter"),
    path("mailbox/<letter:name>/<int:position>/", views.mailbox_file, name="letter_file"),
]
