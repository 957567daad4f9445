"""Settings of every installation; what differs comes from VANTHU_* variables."""

from __future__ import annotations

import secrets
from pathlib import Path

from vanthu.settings.environment import Environment

ENVIRONMENT = Environment()
VANTHU_HOME = ENVIRONMENT.home.resolve()
VANTHU_BLOBS = ENVIRONMENT.blobs or str(VANTHU_HOME / "blobs")
VANTHU_BLOBS_KEY = ENVIRONMENT.blobs_key
VANTHU_BLOBS_SECRET = ENVIRONMENT.blobs_secret.get_secret_value()
VANTHU_BACKUP_BLOBS = ENVIRONMENT.backup_blobs
VANTHU_BACKUP_BLOBS_KEY = ENVIRONMENT.backup_blobs_key
VANTHU_BACKUP_BLOBS_SECRET = ENVIRONMENT.backup_blobs_secret.get_secret_value()
VANTHU_FIXITY_DAYS = ENVIRONMENT.fixity_days
VANTHU_FIXITY_MB = ENVIRONMENT.fixity_mb
VANTHU_CACHE = VANTHU_HOME / "cache"
VANTHU_PKI = VANTHU_HOME / "pki"
VANTHU_TRUST = ENVIRONMENT.trust or VANTHU_HOME / "trust"
VANTHU_UPLOAD_LIMIT = ENVIRONMENT.upload_limit_mb * 1024 * 1024
VANTHU_HOLD_SECONDS = ENVIRONMENT.hold_seconds
VANTHU_DESK_AGENT = ENVIRONMENT.desk_agent
VANTHU_TSA = tuple(item.strip() for item in ENVIRONMENT.tsa.split(",") if item.strip())
VANTHU_TSA_DESK_SECONDS = ENVIRONMENT.tsa_desk_seconds
VANTHU_TSA_ATTEMPTS = ENVIRONMENT.tsa_attempts
VANTHU_TSA_BACKOFF_SECONDS = ENVIRONMENT.tsa_backoff_seconds
VANTHU_TSA_AT_ONCE = ENVIRONMENT.tsa_at_once
VANTHU_KEEP_AFTER_MINUTES = ENVIRONMENT.keep_after_minutes
VANTHU_RENEW_DAYS = ENVIRONMENT.renew_days
VANTHU_RENEW_PORTION = ENVIRONMENT.renew_portion
VANTHU_SIGNING_MINUTES = ENVIRONMENT.signing_minutes
VANTHU_CSC_URL = ENVIRONMENT.csc_url
VANTHU_CSC_USER = ENVIRONMENT.csc_user
VANTHU_CSC_PASSWORD = ENVIRONMENT.csc_password.get_secret_value()
VANTHU_CSC_SECONDS = ENVIRONMENT.csc_seconds
VANTHU_PKCS11_MODULES = tuple(item for item in ENVIRONMENT.pkcs11_modules.split(",") if item)
VANTHU_TOKEN_HELPER = ENVIRONMENT.token_helper
VANTHU_REVOCATION_HOSTS = tuple(
    item.strip() for item in ENVIRONMENT.revocation_hosts.split(",") if item.strip()
)
VANTHU_REVOCATION_NETWORKS = tuple(
    item.strip() for item in ENVIRONMENT.revocation_networks.split(",") if item.strip()
)
VANTHU_REVOCATION_SECONDS = ENVIRONMENT.revocation_seconds
VANTHU_REVOCATION_MB = ENVIRONMENT.revocation_mb
VANTHU_LINE_URL = ENVIRONMENT.line_url
VANTHU_LINE_SYSTEM = ENVIRONMENT.line_system
VANTHU_LINE_SECRET = ENVIRONMENT.line_secret.get_secret_value()
VANTHU_LINE_PROXY = ENVIRONMENT.line_proxy.get_secret_value()
VANTHU_LINE_CA_FILE = ENVIRONMENT.line_ca_file
VANTHU_LINE_TIMEOUT_SECONDS = ENVIRONMENT.line_timeout_seconds
VANTHU_LINE_POLL_SECONDS = ENVIRONMENT.line_poll_seconds
VANTHU_LINE_BACKOFF = ENVIRONMENT.line_backoff
VANTHU_LINE_LIMIT_MB = ENVIRONMENT.line_limit_mb
VANTHU_LINE_FILE_MB = ENVIRONMENT.line_file_mb
VANTHU_LINE_RECEIVERS = ENVIRONMENT.line_receivers
VANTHU_LINE_WATCH_MINUTES = ENVIRONMENT.line_watch_minutes
VANTHU_AXIS_BLOBS = ENVIRONMENT.axis_blobs or str(VANTHU_HOME / "axis-blobs")
VANTHU_AXIS_BLOBS_KEY = ENVIRONMENT.axis_blobs_key
VANTHU_AXIS_BLOBS_SECRET = ENVIRONMENT.axis_blobs_secret.get_secret_value()
VANTHU_AXIS_MESSAGE_MB = ENVIRONMENT.axis_message_mb
VANTHU_AXIS_STAMP_HOURS = ENVIRONMENT.axis_stamp_hours
VANTHU_AXIS_IDLE_SECONDS = ENVIRONMENT.axis_idle_seconds
VANTHU_AXIS_KEEP_DAYS = ENVIRONMENT.axis_keep_days
VANTHU_AXIS_UPSTREAM_URL = ENVIRONMENT.axis_upstream_url
VANTHU_AXIS_UPSTREAM_SYSTEM = ENVIRONMENT.axis_upstream_system
VANTHU_AXIS_UPSTREAM_SECRET = ENVIRONMENT.axis_upstream_secret.get_secret_value()
VANTHU_AXIS_UPSTREAM_PROXY = ENVIRONMENT.axis_upstream_proxy.get_secret_value()
VANTHU_AXIS_UPSTREAM_CA_FILE = ENVIRONMENT.axis_upstream_ca_file
VANTHU_AXIS_UPSTREAM_TIMEOUT_SECONDS = ENVIRONMENT.axis_upstream_timeout_seconds
VANTHU_AXIS_UPSTREAM_POLL_SECONDS = ENVIRONMENT.axis_upstream_poll_seconds
VANTHU_AXIS_UPSTREAM_BACKOFF = ENVIRONMENT.axis_upstream_backoff
VANTHU_DEMO = ENVIRONMENT.demo


def _secret_key() -> str:
    """The configured key, or one made once and kept in the installation's folder (readable by its owner only)."""
    if ENVIRONMENT.secret_key:
        return ENVIRONMENT.secret_key
    file = VANTHU_HOME / "secret.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return file.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [host for host in ENVIRONMENT.allowed_hosts.split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in ENVIRONMENT.trusted_origins.split(",") if origin]

CONTEXTS = [
    "foundation",
    "audit",
    "accounts",
    "organizations",
    "documents",
    "signing",
    "evidence",
    "drafting",
    "routing",
    "registry",
    "exchange",
    "axis",
    "queues",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "vanthu.web",  # before allauth: our sign-in pages stand in front of its own
    "allauth",
    "allauth.account",
    *(f"vanthu.{context}" for context in CONTEXTS),
    "vanthu.apps.VanthuConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vanthu.web.middleware.CompressTextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "vanthu.web.middleware.ChosenLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vanthu.web.middleware.ActorMiddleware",
    "vanthu.web.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "vanthu.urls"
WSGI_APPLICATION = "vanthu.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent.parent / "foundation" / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vanthu.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "vanthu.web.account.sign_in.SignInForm"}
ACCOUNT_ADAPTER = "vanthu.web.account.adapter.ClosedSignup"
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure_cookies
SESSION_COOKIE_AGE = 12 * 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
DATE_FORMAT = "d/m/Y"

STATIC_URL = "/static/"
STATIC_ROOT = VANTHU_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns at every start where it is missing
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        # The signing agent and the token's helper listen on the signer's own computer; a page may call these alone.
        "connect-src": ["'self'", *filter(None, (VANTHU_DESK_AGENT, VANTHU_TOKEN_HELPER))],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": ENVIRONMENT.log_level},
    "loggers": {
        # pyHanko reports ordinary verdicts as warnings with tracebacks (signing.md, AdES engine).
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
        # Their DEBUG lines carry signed headers and access keys: never, whatever VANTHU_LOG_LEVEL says.
        "boto3": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "urllib3": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
