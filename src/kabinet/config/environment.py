"""Read settings from the environment, typed; a wrong value stops the start with a sentence that names it."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def choice(name: str, options: tuple[str, ...]) -> str:
    """Give one of the options; the first is the default."""
    value = text(name, options[0])
    if value not in options:
        raise ImproperlyConfigured(f"{name}={value}: expected one of {', '.join(options)}")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name}={value}: expected 0 or 1")
    return value == "1"


def whole(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value}: expected a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Give a list that is written with commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).absolute()


def file(name: str) -> str:
    """Give the path of a file that has to be there; "" when none is set."""
    path = text(name)
    if path and not Path(path).is_file():
        raise ImproperlyConfigured(f"{name}={path}: there is no such file")
    return path


def secret(name: str) -> str:
    """Give a secret from the environment, or from the file that ``<name>_FILE`` names."""
    if path := text(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return text(name)


def database(url: str) -> dict[str, Any]:
    """Turn a PostgreSQL address into Django's settings of a connection.

    Understands what libpq does: ``postgresql://user:password@host:port/name?sslmode=verify-full``, and the folder of a
    socket by ``postgresql:///name?host=/folder&user=kabinet_web``.
    """
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL is not the address of a PostgreSQL database") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "kabinet"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }
