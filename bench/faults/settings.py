"""The product's settings with letters that really go by SMTP, and with room for a planted defect."""

from kabinet.config.settings import *  # noqa: F403
from kabinet.config.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "bench.faults.planted.PlantedConfig"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
