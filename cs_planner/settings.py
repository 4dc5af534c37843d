"""All settings, read from the environment; the README lists them. A bare checkout runs with ``python3 run.py``."""

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pghistory
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).lower() in ("1", "true", "yes", "on")


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(url: str) -> dict[str, object]:
    """A Django database from ``postgres://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "tenants.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"connect_timeout": "5", **options},
    }


ENVIRONMENT = os.environ.get("MASUME_ENV", "embedded")
IS_PRODUCTION = ENVIRONMENT == "production"
IS_TEST = ENVIRONMENT == "test"
HOME = Path(os.environ.get("MASUME_HOME", ROOT / ".masume"))
DEBUG = env_bool("MASUME_DEBUG")

SECRET_KEY = os.environ.get("MASUME_SECRET_KEY", "")
if not SECRET_KEY:
    if IS_PRODUCTION:
        raise ImproperlyConfigured("MASUME_SECRET_KEY is not set")
    SECRET_KEY = "only-for-tests-and-for-reading-the-code-" + "x" * 20
SECRET_KEY_FALLBACKS = env_list("MASUME_SECRET_KEY_FALLBACKS")

PUBLIC_URL = os.environ.get("MASUME_URL", f"http://localhost:{os.environ.get('MASUME_PORT', '8000')}")
ALLOWED_HOSTS = env_list(
    "MASUME_ALLOWED_HOSTS", "" if IS_PRODUCTION else "localhost,127.0.0.1,[::1],testserver"
)
CSRF_TRUSTED_ORIGINS = env_list("MASUME_TRUSTED_ORIGINS", PUBLIC_URL)

INSTALLED_APPS = [
    "workspace",
    "ctas",
    "health",
    "success_plans",
    "accounts",
    "tenants",
    "ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "tenants.health_checks.HealthCheckMiddleware",
    "tenants.request_log.RequestLogMiddleware",
    "cs_planner.guards.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ui.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "tenants.whole_requests.WholeRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenants.sign_in.sessions.SessionAgeMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.middleware.TenantMiddleware",
    "tenants.api.door.ApiMiddleware",
]

ROOT_URLCONF = "cs_planner.urls"
WSGI_APPLICATION = "cs_planner.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "ui.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "ui.forms.Renderer"

# --- data ---------------------------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, object]] = {
    "default": database(os.environ.get("DATABASE_URL", "postgres://masume_app@127.0.0.1:5432/masume"))
}
# Only migrations, operators and tests are given the owner; the web and the workers never are.
if os.environ.get("DATABASE_OWNER_URL"):
    DATABASES["owner"] = database(os.environ["DATABASE_OWNER_URL"])

# Database 0 is the broker's and 1 the cache's, so a number at the end of the address is left out.
REDIS_URL = re.sub(r"/\d*$", "", os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"))
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("MASUME_CACHE_URL", f"{REDIS_URL}/1"),
        "KEY_PREFIX": f"test{os.getpid()}" if IS_TEST else "",
    }
}
# Sessions live in the database: a flushed broker logs nobody out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MEDIA_ROOT = HOME / "media"

# --- people -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # without use; ``SessionAgeMiddleware`` slides it and ends it after a week
PASSWORD_RESET_TIMEOUT = 30 * 60
PASSWORD_HASHERS = [
    "tenants.sign_in.hashing.Argon2",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if IS_TEST:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")

ACCOUNT_ADAPTER = "tenants.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tenants.sign_in.forms.SignInForm",
    "reset_password": "tenants.sign_in.forms.ForgottenPasswordForm",
    "reset_password_from_key": "tenants.sign_in.forms.NewPasswordForm",
    "change_password": "tenants.sign_in.forms.ChangePasswordForm",
    "set_password": "tenants.sign_in.forms.SetPasswordForm",
    "reauthenticate": "tenants.sign_in.forms.ConfirmPasswordForm",
    "confirm_email_verification_code": "tenants.sign_in.forms.MailCodeForm",
    "add_email": "tenants.sign_in.forms.NewAddressForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # sign-up itself is closed: people come by invitation
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Wrong passwords are counted by ``tenants.sign_in.lock``; this bounds wrong second factors per person.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/15m/key", "reset_password": "20/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MASUME_PROXIES", env_bool("MASUME_BEHIND_PROXY")))

MFA_ADAPTER = "tenants.sign_in.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "tenants.sign_in.forms.SecondFactorForm",
    "reauthenticate": "tenants.sign_in.forms.ConfirmSecondFactorForm",
    "activate_totp": "tenants.sign_in.forms.ActivateAppForm",
    "add_webauthn": "tenants.sign_in.forms.AddPasskeyForm",
    "edit_webauthn": "tenants.sign_in.forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
MFA_TOTP_ISSUER = "Masume"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://localhost
ADMINS_NEED_SECOND_FACTOR = env_bool("MASUME_ADMINS_NEED_SECOND_FACTOR", IS_PRODUCTION)

# --- words and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["ui.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Events are found by what they are about; an index for every other key would double the cost of each save.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ui.bundles.BundleFinder",
]
BUNDLE_ROOT = HOME / "bundle"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_TEST or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = IS_TEST or DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- mail ---------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = os.environ.get("MASUME_MAIL_FROM", "Masume <masume@localhost>")
_mail = urlsplit(os.environ.get("EMAIL_URL", ""))
HAS_SMTP = bool(_mail.hostname)
if HAS_SMTP:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = "tls=1" in _mail.query
    EMAIL_TIMEOUT = 20
else:
    # Kept as files that the operator reads with ``run.py manage mail``.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(HOME / "mail")

# --- background work ----------------------------------------------------------------------------------------------
CELERY = {
    "broker_url": "memory://" if IS_TEST else f"{REDIS_URL}/0",
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    # A doorbell works for half a minute and then ends what it is at, which has 15 minutes (tenants.jobs.registry.LIMIT).
    "task_time_limit": 1020,
    "task_soft_time_limit": 960,
    "broker_transport_options": {
        "visibility_timeout": 1200,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
    },
    "broker_connection_retry_on_startup": True,
    "worker_max_tasks_per_child": 200,
    "worker_max_memory_per_child": 400_000,
    "accept_content": ["json"],
    "timezone": TIME_ZONE,
}

# --- the API --------------------------------------------------------------------------------------------------------
# The door lets nobody in without a token and opens the tenant (``tenants.api.door``); nothing is left for DRF to ask.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tenants.api.reading.OnlyJSON",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "tenants.api.problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Masume",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
}

# --- safety -------------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "style-src-attr": [UNSAFE_INLINE],  # chart values are custom properties on the element (DESIGN 3)
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
if IS_PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SILENCED_SYSTEM_CHECKS = [
        "security.W021"
    ]  # preloading binds a whole domain for years: its owner decides, at the proxy
    SECURE_SSL_REDIRECT = env_bool("MASUME_SSL_REDIRECT", True)
    if env_bool("MASUME_BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
else:
    # Cookies ignore ports: two copies on one machine would sign each other out under one name.
    _port = urlsplit(PUBLIC_URL).port or 80
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"session{_port}", f"csrf{_port}"

LOG_LEVEL = os.environ.get("MASUME_LOG_LEVEL", "WARNING" if IS_TEST else "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "tenants.logs.formatter", "as_json": IS_PRODUCTION}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "masume": {"level": LOG_LEVEL},
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # what was refused stands in the line of the request
        "celery": {"level": LOG_LEVEL},
        # A doorbell rings every few seconds; what is done then is told by masume.jobs.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}
