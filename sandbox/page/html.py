"""Templates: files in `templates/` with `$names`; every value is escaped unless it was made by a template itself."""

import functools
import html
import string
from pathlib import Path

_TEMPLATES = Path(__file__).parent / "templates"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def render(template: str, **values: object) -> Html:
    """Fill a template. Raises KeyError when a value is missing."""
    return Html(_template(template).substitute({name: _escaped(value) for name, value in values.items()}))


def join(parts: list[Html]) -> Html:
    return Html("\n".join(parts))


def _escaped(value: object) -> str:
    return value if isinstance(value, Html) else html.escape(str(value))


@functools.cache
def _template(name: str) -> string.Template:
    return string.Template((_TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))
