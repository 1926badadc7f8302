"""The web process, for any WSGI server: ``kabinet.config.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

from kabinet.config.start import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kabinet.config.settings")

application = get_wsgi_application()
refuse_unsafe_settings()
