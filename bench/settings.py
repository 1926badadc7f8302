"""The demonstration's settings with one address more: a bare page to compare with."""

from kabinet.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
