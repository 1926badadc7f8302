"""The demonstration's settings with one address more: a bare page to compare with."""

from kabinet.config.settings import *  # noqa: F403
from kabinet.config.settings import ALLOWED_HOSTS

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
