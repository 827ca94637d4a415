"""The settings. Whatever differs between machines is read from the environment (docs/operations.md lists all of it)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from config import broker, databases, env, home
from config.unfold import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent

PRODUCTION = env.flag("PRODUCTION", False)
DEMO = not PRODUCTION
DEBUG = env.flag("DEBUG", False)
SECRET_KEY = env.text("SECRET_KEY") if PRODUCTION else home.secret("secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") if PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "config",
    "staff",
    "policy",
    "assessment",
    "promotion",
    "payroll",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_celery_beat",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "staff.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.web.middleware.DeviceMiddleware",
    "staff.web.middleware.AccessMiddleware",
    "staff.web.middleware.SoundTextMiddleware",
    "staff.web.middleware.ActingMiddleware",
    "staff.web.middleware.SecondFactorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.web.context.shell",
            ],
        },
    },
]

# The database: two roles, see config/databases.py.
DATABASES = {"default": databases.configured(owner=databases.as_owner(sys.argv))}
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "promotion_app")

# Sign-in: Argon2 saturates a core in well under a second, so allauth refuses by rate before it hashes.
AUTH_USER_MODEL = "staff.Account"
AUTHENTICATION_BACKENDS = ["staff.web.backend.AccountBackend"]
PASSWORD_HASHERS = [
    "config.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "staff.web.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "staff.web.forms.LoginForm", "change_password": "staff.web.forms.ChangePasswordForm"}
CSRF_FAILURE_VIEW = "staff.web.errors.csrf_failure"
# By address for a whole office behind one, by name for one account. The address is the one the proxy in front names.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/5m/key"}
# The roles that reach what is other people's take a second factor; the demo on a desk does without, and says so.
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", PRODUCTION)
MFA_ADAPTER = "staff.web.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("PROXIES", 1 if PRODUCTION else 0)

# Language and time.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Static files: hashed names in production; straight from the finders elsewhere, so that nothing has to be collected
# first.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.text(
    "STATIC_ROOT", str(BASE_DIR / "staticfiles" if PRODUCTION else home.private(home.path() / "static"))
)
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = env.text("MEDIA_ROOT", str(home.path() / "media"))

# Security of the transport and of the cookies.
SECURE_TRANSPORT = env.flag("SECURE_TRANSPORT", PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_TRANSPORT
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.integer("SESSION_HOURS", 12) * 3600
SECURE_SSL_REDIRECT = SECURE_TRANSPORT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 31_536_000 if SECURE_TRANSPORT else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", False)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What a page may load: its own files. The admin's Alpine evaluates expressions and sets styles, so those paths are
# given that.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
CONTENT_SECURITY_POLICY_BY_PREFIX: dict[str, dict[str, Any]] = {
    "/admin/": {"script-src": [SELF, UNSAFE_EVAL, NONCE], "style-src": [SELF, UNSAFE_INLINE]},
    "/api/docs/": {"style-src": [SELF, UNSAFE_INLINE]},
}

# The broker and the cache.
REDIS_URL = broker.url()
CACHES = {
    "default": broker.cache(REDIS_URL),
    # What one process need not do twice within a minute.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}},
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A unit of work is at most a minute; what a dead worker held is given out again after ten, looked for every ten
# seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 10,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2}
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "staff.kernel.api.schema.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "staff.kernel.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["staff.kernel.api.throttles.MinuteThrottle"],
    "DEFAULT_FILTER_BACKENDS": ["staff.kernel.api.filters.KnownFilters"],
    "EXCEPTION_HANDLER": "staff.kernel.api.problems.answer",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["staff.kernel.api.parsers.JSONParser"],
}
# How often each token or account may ask, a minute.
API_READS_A_MINUTE = env.integer("API_READS_A_MINUTE", 600)
API_WRITES_A_MINUTE = env.integer("API_WRITES_A_MINUTE", 120)
SPECTACULAR_SETTINGS = {
    "TITLE": "晋升 Promotion",
    "DESCRIPTION": _(
        "The interface for the company's other programs. Employees are named by employee no., departments by name or path, "
        "months YYYY-MM. A refusal is a problem document (RFC 9457); every write carries an Idempotency-Key."
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AbsenceKindEnum": "staff.models.AbsenceKind.choices",
        "ApplicationKindEnum": "promotion.applications.models.ApplicationKind.choices",
        "ApplicationStateEnum": "promotion.applications.models.ApplicationState.choices",
        "ApplicationStepStateEnum": "promotion.api.applications.STOPS",
        "CaseKindEnum": "assessment.models.CaseKind.choices",
        "CaseStateEnum": "assessment.models.CaseState.choices",
        "OutcomeEnum": "promotion.api.serializers.OUTCOMES",
        "PanelOutcomeEnum": "promotion.panels.models.Outcome.choices",
        "MonthStateEnum": "assessment.models.MonthState.choices",
        "RunStateEnum": "promotion.models.RunState.choices",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "displayRequestDuration": True, "docExpansion": "list"},
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# Mail: where the links of a message lead, and whose it is.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000")
MAIL_DOMAIN = env.text("MAIL_DOMAIN", "promotion.invalid")
EMAIL_HOST = env.text("EMAIL_HOST", "")
EMAIL_PORT = env.integer("EMAIL_PORT", 25)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_TIMEOUT = 20  # seconds: a server that does not answer holds up no other message for long
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"promotion@{MAIL_DOMAIN}")

LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "config.logs.RequestIdFilter"}},
    "formatters": {"lines": {"()": "config.logs.JsonFormatter" if PRODUCTION else "config.logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["request"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # a line a request: for a collector, not for a terminal
        "config.middleware": {"level": LOG_LEVEL if PRODUCTION else "WARNING"},
    },
}

# Prometheus: beside the machine itself, whoever carries this token reads /metrics.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")
VERSION = env.text("VERSION", "development")
