"""What every page shows around its content."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Face:
    brand: str
    support_email: str
    theme: str
    is_demo: bool


def face(request: HttpRequest) -> dict[str, Face]:
    """Give templates `face`: the brand, the support address, the theme of this browser, whether this is a demo."""
    return {"face": face_of(request)}


def face_of(request: HttpRequest) -> Face:
    theme = request.COOKIES.get(THEME_COOKIE)
    return Face(
        brand=translation.gettext(settings.BRAND),
        support_email=settings.SUPPORT_EMAIL,
        theme=theme if theme in THEMES else "auto",
        is_demo=settings.DEMO,
    )
