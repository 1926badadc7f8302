"""Every setting of kabinet, read once from the environment; docs/settings.md tells what an operator may set."""

import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from kabinet.config import environment

PACKAGE_DIR = Path(__file__).resolve().parent.parent

# --- What an operator sets ------------------------------------------------------------------------

DEMO = environment.flag("KABINET_DEMO")
DEBUG = environment.flag("KABINET_DEBUG")
DATA_DIR = environment.folder("KABINET_DATA", Path("var"))
SECRET_KEY = environment.secret("KABINET_SECRET_KEY")
PUBLIC_URL = environment.text("KABINET_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = environment.words("KABINET_ALLOWED_HOSTS", "127.0.0.1,localhost")
BRAND = environment.text("KABINET_BRAND", gettext_noop("Личный кабинет"))  # the default one is translated
SUPPORT_EMAIL = environment.text("KABINET_SUPPORT_EMAIL", "support@kabinet.invalid")
DEFAULT_FROM_EMAIL = environment.text("KABINET_FROM_EMAIL", SUPPORT_EMAIL)
INSTALLATION_TIME_ZONE = environment.text("KABINET_TIME_ZONE", "Europe/Moscow")
PASSWORD_POLICY = environment.choice("KABINET_PASSWORD_POLICY", ("origin", "strong"))
CONFIRMATION_DAYS = environment.whole("KABINET_CONFIRMATION_DAYS", 3)
ANSWER_WORKING_DAYS = environment.whole("KABINET_ANSWER_WORKING_DAYS", 3)
WORKER_HEARTBEAT_S = environment.whole("KABINET_WORKER_HEARTBEAT_S", 10)
WORKER_SILENCE_S = environment.whole("KABINET_WORKER_SILENCE_S", 30)
FAULT_POINT_FILE = environment.text("KABINET_FAULT_POINT_FILE")
PEPPER_FILE = environment.folder("KABINET_PEPPER_FILE", DATA_DIR / "pepper")
TRUSTED_PROXY_COUNT = environment.whole("KABINET_TRUSTED_PROXY_COUNT", 0)
GATEWAY_CALLS_AT_ONCE = environment.whole("KABINET_GATEWAY_CALLS_AT_ONCE", 4)
PHOTOS_AT_ONCE = environment.whole("KABINET_PHOTOS_AT_ONCE", 1)
SBERBANK_ADDRESSES = environment.words("KABINET_SBERBANK_ADDRESSES")
SBERBANK_CA_FILE = environment.file("KABINET_SBERBANK_CA_FILE")
SBERBANK_URL = environment.text("KABINET_SBERBANK_URL", "https://securepayments.sberbank.ru/payment/rest")
SBERBANK_ECOM_URL = environment.text(
    "KABINET_SBERBANK_ECOM_URL", "https://ecommerce.sberbank.ru/ecomm/gw/partner/api/v1"
)
SFTP_TO_PRIVATE_NETWORKS = environment.flag("KABINET_SFTP_TO_PRIVATE_NETWORKS")
YOOKASSA_ADDRESSES = environment.words("KABINET_YOOKASSA_ADDRESSES")
YOOKASSA_URL = environment.text("KABINET_YOOKASSA_URL", "https://api.yookassa.ru/v3")

if not SECRET_KEY:
    if not (DEMO or DEBUG):
        raise ImproperlyConfigured(
            "KABINET_SECRET_KEY is not set: make one with python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    SECRET_KEY = secrets.token_urlsafe(50)

# --- Database, cache, jobs: all in PostgreSQL -----------------------------------------------------

DATABASES = {"default": environment.database(environment.text("DATABASE_URL", "postgresql:///kabinet"))}
DATABASES["default"]["OPTIONS"]["options"] = environment.text(
    "KABINET_DATABASE_OPTIONS",
    "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache", "KEY_PREFIX": "kabinet"}
}
OUTBOX_REACTIONS = "kabinet.reactions.REACTIONS"

# --- Apps -----------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.postgres",
    "django.forms",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "kabinet.config",
    "kabinet.common",
    "kabinet.outbox",
    "kabinet.audit",
    "kabinet.suppliers",
    "kabinet.people",
    "kabinet.accounts",
    "kabinet.meters",
    "kabinet.tariffs",
    "kabinet.ledger",
    "kabinet.charges",
    "kabinet.payments",
    "kabinet.bills",
    "kabinet.registers",
    "kabinet.support",
    "kabinet.notices",
    "kabinet.letters",
    "kabinet.web.ui",
    "kabinet.web.cabinet",
    "kabinet.web.backoffice",
    "kabinet.web.hooks",
]
if DEMO:
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kabinet.web.middleware.origin",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kabinet.web.middleware.compression",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kabinet.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kabinet.web.sessions.limits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kabinet.web.office.second_factor_first",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kabinet.web.middleware.answers",
]

ROOT_URLCONF = "kabinet.config.urls"
WSGI_APPLICATION = "kabinet.config.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.i18n",
    "kabinet.web.ui.context.face",
    "kabinet.web.cabinet.context.cabinet",
]
if DEMO:
    _CONTEXT_PROCESSORS.append("demo.context.demo")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / "ui" / "templates", PACKAGE_DIR / "web" / "cabinet" / "templates"],
        "OPTIONS": {
            "context_processors": _CONTEXT_PROCESSORS,
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
COTTON_DIR = "ui"
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["kabinet.people.adapters.backend.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "kabinet.people.adapters.backend.PolicyValidator"}]
PASSWORD_HASHERS = ["kabinet.people.adapters.hashers.PepperedArgon2Hasher"]
LOGIN_URL = "cabinet:sign_in"
LOGIN_REDIRECT_URL = "cabinet:home"
ACCOUNT_ADAPTER = "kabinet.people.adapters.account.AccountAdapter"
ACCOUNT_FORMS = {"reauthenticate": "kabinet.people.adapters.forms.EnterPasswordAgainForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # a user exists only after people.Registration is confirmed
ACCOUNT_PASSWORD_MIN_LENGTH = 5  # the origin policy's; without this line allauth would refuse five characters
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}  # of second factors; passwords have people.SignInCounter
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ROBOT_CHECK_COST = 5000  # rounds of PBKDF2 per guess: about a second of a browser's work
MFA_ADAPTER = "kabinet.people.adapters.mfa.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "kabinet.people.adapters.forms.ConnectAppForm",
    "add_webauthn": "kabinet.people.adapters.forms.AddPasskeyForm",
    "authenticate": "kabinet.people.adapters.forms.EnterCodeForm",
    "reauthenticate": "kabinet.people.adapters.forms.EnterCodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: no user has an unconfirmed address
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "kabinet.web.ui.views.csrf_failure"

# --- What leaves over https only ------------------------------------------------------------------

IS_SECURE = PUBLIC_URL.startswith("https://")
if IS_SECURE:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
# The reverse proxy sends http to https (docs/run/install.md); browsers' own lists are the operator's decision.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W021"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "display-capture")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Languages and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Русский")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nobody asks for the others, and compressing takes its time
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "kabinet.web.ui.storage.BundlingStorage"},
}

# --- Letters --------------------------------------------------------------------------------------

EMAIL_BACKEND = "demo.mailbox.MailboxBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = environment.text("KABINET_SMTP_HOST", "localhost")
EMAIL_PORT = environment.whole("KABINET_SMTP_PORT", 25)
EMAIL_HOST_USER = environment.text("KABINET_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.secret("KABINET_SMTP_PASSWORD")
EMAIL_USE_TLS = environment.flag("KABINET_SMTP_STARTTLS")
EMAIL_TIMEOUT = 10

# --- Logs: JSON lines, ids only -------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "kabinet.config.reports.PlacesOnly"
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # it is ours: web.middleware.origin writes it over any that came
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "kabinet.config.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"procrastinate": {"level": "WARNING"}, "httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}

# --- Seams inside ---------------------------------------------------------------------------------

#: What `./kabinet manage check_ledger` runs: functions that give back ledger.queries.Difference rows.
LEDGER_CHECKS = [
    "kabinet.ledger.queries.differences",
    "kabinet.charges.queries.differences",
    "kabinet.payments.queries.differences",
]
