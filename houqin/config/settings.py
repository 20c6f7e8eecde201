"""Settings from the environment alone; with none set it runs on SQLite under ``var/``."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from houqin.config import buckets, env, sign_ins
from houqin.config.watch.lines import logging_settings

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env.text("HOUQIN_VAR", str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)


def _kept_secret() -> str:
    """A secret made on the first start and kept in ``var/secret``, for installations that set none."""
    path = VAR / "secret"
    if not path.exists():
        mine = VAR / f"secret.{os.getpid()}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        # Two processes may start at the same time: the first link wins and both read it.
        with suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text(encoding="utf-8").strip()


DEBUG = env.flag("HOUQIN_DEBUG")
SECRET_KEY = env.text("HOUQIN_SECRET_KEY") or _kept_secret()
SECRET_KEY_FALLBACKS = env.words("HOUQIN_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("HOUQIN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("HOUQIN_ORIGINS")
CERTIFICATE, CERTIFICATE_KEY = env.text("HOUQIN_CERTIFICATE"), env.text("HOUQIN_KEY")
HTTPS = env.flag("HOUQIN_HTTPS", default=bool(CERTIFICATE))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "houqin.ui",  # before allauth: its sign-in pages are ours; before django.forms: so is how a choice is drawn
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "houqin.core.tables",
    "houqin.core.scope",
    "houqin.core.jobs",
    "houqin.core.audit",
    "houqin.core.events",
    "houqin.core.catalogues",
    "houqin.core.orgs",
    "houqin.core.people",
    "houqin.core.files",
    "houqin.core.policies",
    "houqin.core.merging",
    "houqin.core.subjects",
    "houqin.core.parties",
    "houqin.core.places",
    "houqin.core.grants",
    "houqin.core.notices",
    "houqin.core.calendars",
    "houqin.flows.indicators",
    "houqin.flows.sheets",
    "houqin.flows.seals",
    "houqin.flows.duties",
    "houqin.flows.letters",
    "houqin.flows.ledgers",
    "houqin.flows.credentials",
    "houqin.flows.collect",
    "houqin.flows.rectify",
    "houqin.flows.cases",
    "houqin.modules.console",
    "houqin.modules.canteen",
    "houqin.modules.inspections",
    "houqin.modules.environment",
    "houqin.insight",
    "houqin.edge.api",
    "houqin.config.watch",
    "houqin.config.backup",
]

MIDDLEWARE = [
    "houqin.config.watch.probes.Probes",  # load balancers ask by address and without HTTPS
    "houqin.ui.request_id.RequestIdMiddleware",
    "houqin.config.watch.requests.Watch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "houqin.ui.compressed.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "houqin.ui.private.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "houqin.core.grants.middleware.ViewerMiddleware",
    "houqin.ui.plain.PlainRequests",
    "houqin.ui.gate.SignInGate",
]

ROOT_URLCONF = "houqin.config.urls"
WSGI_APPLICATION = "houqin.config.wsgi.application"
AUTH_USER_MODEL = "people.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "houqin.ui.shell.context",
            ],
        },
    }
]

DATABASE_POOL, PGBOUNCER = env.number("HOUQIN_DATABASE_POOL", 8), env.flag("HOUQIN_PGBOUNCER")
DATABASE_URL = env.text("DATABASE_URL") or f"sqlite:///{VAR / 'houqin.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # Tries at longer and longer intervals end after some seconds, and the next request tries at once: a database that was away for a
        # minute is met within a second of its return, not half a minute later.
        "pool": {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 10, "reconnect_timeout": 5},
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # PgBouncer lends a connection for one transaction: a cursor that outlives it would be another's.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = PGBOUNCER
    # A connection is tried before it is handed out: else each that lay in the pool while the database restarted is a page that breaks.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if env.text("HOUQIN_REPLICA_URL"):
        DATABASES["replica"] = DATABASES["default"] | dj_database_url.parse(env.text("HOUQIN_REPLICA_URL"))
        DATABASES["replica"]["OPTIONS"] = {"pool": DATABASES["default"]["OPTIONS"]["pool"] | {"timeout": 3}}
DATABASE_ROUTERS = ["houqin.core.tables.replica.ReplicaRouter"] if "replica" in DATABASES else []

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.text("REDIS_URL")}
    if env.text("REDIS_URL")
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "imports"]}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "houqin" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = (
    [("vendor", ROOT / "node_modules" / ".houqin")] if (ROOT / "node_modules" / ".houqin").is_dir() else []
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": buckets.files_storage(VAR / "files"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "ui/bits/table.html"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "houqin.core.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {"login": "houqin.ui.sign_in.LoginForm"}
MFA_ADAPTER = "houqin.core.people.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "houqin.ui.sign_in.CodeForm",
    "reauthenticate": "houqin.ui.sign_in.CodeAgainForm",
    "activate_totp": "houqin.ui.sign_in.FirstCodeForm",
}
MFA_TOTP_ISSUER = env.text("HOUQIN_NAME", "Houqin")
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are opened by an office; an e-mail is not what proves who somebody is
OWN_SIGN_INS = sign_ins.from_environment()
SOCIALACCOUNT_ADAPTER = "houqin.core.people.adapters.OwnSignInAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": sign_ins.as_apps(OWN_SIGN_INS)}}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    # By account and address (core.people.guessing). The limits by address alone leave room for a school that arrives behind one.
    "login_failed": "60/m/ip,5/5m/key",
    "login_elsewhere": "60/h/key",
    "login": "300/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.text("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = env.text("EMAIL_HOST"), env.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.text("EMAIL_USER"), env.text("EMAIL_PASSWORD")
    EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "houqin@localhost")

# Uploads: a school's ledger weighs well under a megabyte, a photo a few; what is larger is counted, not kept.
UPLOAD_LIMIT_BYTES = env.number("HOUQIN_UPLOAD_LIMIT_MB", 32) * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "houqin.ui.uploads.TooLargeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
STAMP_FONT = env.text("HOUQIN_FONT")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

BACKUP_FOLDER, BACKUP_KEYS_FOLDER = env.text("HOUQIN_BACKUP_DIR"), env.text("HOUQIN_BACKUP_KEYS_DIR")
BACKUP_PASSPHRASE = env.text("HOUQIN_BACKUP_PASSPHRASE")
BACKUP_KEEP = env.number("HOUQIN_BACKUP_KEEP", 14)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *sign_ins.origins(OWN_SIGN_INS)],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a store counted lot by lot on one page
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = env.flag("HOUQIN_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0  # else everybody behind the proxy is locked out with one guesser
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# The open door: requests a minute for each program, and for each address that shows no key; bytes of one message.
API_RATE = env.number("HOUQIN_API_RATE", 600)
API_STRANGERS_RATE = env.number("HOUQIN_API_STRANGERS_RATE", 60)
API_BODY_BYTES = 1024 * 1024
# Systems of the own network may be told what happens only where the operator says so.
WEBHOOKS_INSIDE = env.flag("HOUQIN_WEBHOOKS_INSIDE")
WEBHOOK_SECONDS = 10
WEBHOOK_FAILS_DAYS = 3

PRODUCT_NAME = _("Houqin")
SILENCED_SYSTEM_CHECKS: list[str] = []

# What operators see.
METRICS_TOKEN = env.text("HOUQIN_METRICS_TOKEN")
SLOW_QUERY_MS, SLOW_REQUEST_MS = env.number("HOUQIN_SLOW_QUERY_MS", 500), env.number("HOUQIN_SLOW_REQUEST_MS", 3_000)
WEB_WORKERS, WEB_THREADS = env.number("HOUQIN_WORKERS", 1), env.number("HOUQIN_THREADS", 6)
LOGGING = logging_settings(
    as_json=env.one_of("HOUQIN_LOG", ("line", "json")) == "json", level=env.text("HOUQIN_LOG_LEVEL", "WARNING")
)
