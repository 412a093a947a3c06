"""All settings in one file; the environment decides what differs between installations.

`HENGPING_MODE` is `demo` (story clock, simulators and demo doors allowed), `test` or `city`.
Every variable stands in `docs/settings.md`.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

MODE: str = env.str("HENGPING_MODE", "demo")
if MODE not in {"demo", "test", "city"}:
    raise ImproperlyConfigured(f"HENGPING_MODE is demo, test or city, not {MODE!r}")
if MODE == "city" and env.str("HENGPING_STORY_CLOCK", ""):
    raise ImproperlyConfigured(
        "HENGPING_STORY_CLOCK would shift every deadline of a city: unset it, or HENGPING_MODE=demo"
    )
DEBUG = False
# A fixed key belongs to a city's environment; a demo or test run may draw its own.
SECRET_KEY: str = env.str("HENGPING_SECRET_KEY", "") or (
    secrets.token_urlsafe(48) if MODE != "city" else ""
)
ALLOWED_HOSTS: list[str] = env.list(
    "HENGPING_HOSTS", default=["localhost", "127.0.0.1", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("HENGPING_ORIGINS", default=[])
CENTRE_CODE: str = env.str("HENGPING_CENTRE", "320500")
RUN_DIR = Path(env.str("HENGPING_RUN", str(BASE_DIR / ".run")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "channels",
    "axes",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
    "audit",
    "accounts",
    "venues",
    "bank_escrow",
    "trading",
    "evaluation",
    "realtime",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "libraries": {},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.web.context.page",
            ],
        },
    }
]

# Forms render through templates/django/forms, with Django's own widgets beneath.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.db("DATABASE_URL", "postgres://hengping@/hengping?host=/tmp")}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A request on a fresh connection pays for the server's empty caches with every statement: five
# times what the statements cost. Tests change databases under the process, which no pool follows.
if pool_size := env.int("HENGPING_DB_POOL", 0 if MODE == "test" else 16):
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if test_name := env.str("HENGPING_TEST_DB", ""):
    DATABASES["default"]["TEST"] = {"NAME": test_name}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PasswordBackend",
    "accounts.backends.CertificateBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "accounts:desk"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.web.refusals.locked_out"
AXES_RESET_ON_SUCCESS = True
# `next` names the page somebody was on the way to: a lot, in a row that bears their name.
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "signature", "certificate", "next"]
# Our own audit stream tells who signed in.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# A shift of "8+N" hours on one sign-in.
SESSION_COOKIE_AGE = 14 * 3600

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_NAME = f"hp{CENTRE_CODE}session"
CSRF_COOKIE_NAME = f"hp{CENTRE_CODE}csrf"
LANGUAGE_COOKIE_NAME = f"hp{CENTRE_CODE}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "city"
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "worker-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = RUN_DIR / "collected"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(RUN_DIR / "files")},
    },
    "sealed": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(RUN_DIR / "sealed")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# Usual starts of openings and evaluations (domain §16.3: a proposal, each city has its own).
VENUE_SLOTS: list[str] = env.list(
    "HENGPING_SLOTS", default=["09:00", "09:30", "10:00", "13:30", "14:00"]
)
# Whether only the days fixed by law close a Saturday of the service, or the whole arranged holiday.
STRICT_LAW_HOLIDAYS: bool = env.bool("HENGPING_STRICT_LAW_HOLIDAYS", False)

# Neighbours. In demo and test they are the simulators; a city names its own.
CA_URL: str = env.str("HENGPING_CA_URL", "http://127.0.0.1:8101")
CA_ROOT_FILE: str = env.str("HENGPING_CA_ROOT", str(RUN_DIR / "ca" / "root.pem"))
TSA_URL: str = env.str("HENGPING_TSA_URL", "")
TSA_ROOT_FILE: str = env.str("HENGPING_TSA_ROOT", str(RUN_DIR / "tsa" / "root.pem"))
# The platform's seal on its papers. The certificates: the one that seals, then former ones.
SEAL_KEY_FILE: str = env.str("HENGPING_SEAL_KEY", str(RUN_DIR / "ca" / "seal.key"))
SEAL_CERTIFICATES_FILE: str = env.str(
    "HENGPING_SEAL_CERTIFICATES", str(RUN_DIR / "ca" / "seal.pem")
)
SMS_URL: str = env.str("HENGPING_SMS_URL", "")
WITNESSES: dict[str, str] = {
    name: url
    for name, _, url in (one.partition("=") for one in env.list("HENGPING_WITNESSES", default=[]))
}
# One public key a line: what a witness signs is checked against it, never against its own word.
WITNESS_KEYS_FILE: str = env.str("HENGPING_WITNESS_KEYS", str(RUN_DIR / "witness-keys.pub"))
BANKS: dict[str, str] = {
    code: url for code, _, url in (b.partition("=") for b in env.list("HENGPING_BANKS", default=[]))
}

# Seals the tie between a party and its organisation; a city keeps it outside the database host.
PARTY_KEY_FILE: str = env.str("HENGPING_PARTY_KEY", str(RUN_DIR / "party.key"))
#: Seals payers and account numbers at rest; a city brings it, other modes make it on first use.
ESCROW_KEY_FILE: str = env.str("HENGPING_ESCROW_KEY", str(RUN_DIR / "escrow.key"))

DEFAULT_FROM_EMAIL: str = env.str("HENGPING_MAIL_FROM", "noreply@localhost")
EMAIL_BACKEND = env.str(
    "HENGPING_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = RUN_DIR / "mail"
EMAIL_HOST: str = env.str("HENGPING_EMAIL_HOST", "localhost")
EMAIL_PORT: int = env.int("HENGPING_EMAIL_PORT", 25)
EMAIL_HOST_USER: str = env.str("HENGPING_EMAIL_USER", "")
EMAIL_HOST_PASSWORD: str = env.str("HENGPING_EMAIL_PASSWORD", "")
EMAIL_USE_TLS: bool = env.bool("HENGPING_EMAIL_TLS", False)
# A mail server that lets us wait must not hold a sender for ever, as Django's default would.
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("HENGPING_LOG", "WARNING")},
}
