"""Settings of the test run: the product's own, with what would only cost time made cheap."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KABINET_SECRET_KEY", "a key of the tests, of no use elsewhere")
os.environ.setdefault("KABINET_DATA", str(Path(tempfile.gettempdir()) / "kabinet-tests"))
os.environ.setdefault("KABINET_DEMO", "1")
os.environ.setdefault("KABINET_DATABASE_OPTIONS", "-c statement_timeout=30s -c lock_timeout=10s")

from kabinet.config.settings import *  # noqa: F403
from kabinet.config.settings import DATABASES, STATIC_ROOT, STORAGES

SECRET_KEY = os.environ["KABINET_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one
WHITENOISE_USE_FINDERS = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
SFTP_TO_PRIVATE_NETWORKS = True  # the tests' own servers are on this machine
