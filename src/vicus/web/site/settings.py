"""Settings of the site: one file, read from top to bottom, and loud when something is wrong.

Everything an installation may choose is an environment variable, and all of them are listed here:

VICUS_HOME      data folder (default ./.vicus): vicus.sqlite3, secret_key, store/<zone>/, files/, cache/
VICUS_DATABASE  postgres://user:password@host:port/name instead of SQLite in the data folder
VICUS_PUBLIC    folder of public.sqlite3, what residents read (default VICUS_HOME/public)
VICUS_PUBLIC_DATABASE  postgres://user:password@host:port/name instead of that file
VICUS_HOSTS     names the site answers to, separated by commas (default: this machine only)
VICUS_HTTPS     1 or 0; default 1, and 0 only where VICUS_HOSTS names this machine alone
VICUS_PROXIES   number of trusted reverse proxies in front of the site (default 0)
VICUS_ADDRESS   where readers open the site, for links in letters (default: the first of VICUS_HOSTS)
VICUS_SMTP      smtp://user:password@host:587 (STARTTLS, but to this machine) or smtps://user:password@host:465;
                without it letters wait in the outbox
VICUS_MAIL_FROM sender of letters; needed with VICUS_SMTP
VICUS_DEMO      1 for the demonstration: role accounts without a password, on this machine only
VICUS_DEBUG     1 while developing, on this machine only
VICUS_LOG_LEVEL DEBUG, INFO, WARNING or ERROR (default INFO)
VICUS_ENGINE    engine that answers questions about facts: duckdb, the only one so far
VICUS_MEMORY    memory a question may take, per process (default 1GB)
"""

import os
import secrets
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

import vicus.analysis
from vicus.web.public.database import database, public_database, public_folder

HERE = Path(__file__).resolve().parent
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def switch(name: str, *, default: bool) -> bool:
    """An on/off environment variable; anything but 1 or 0 is a mistake worth stopping for."""
    value = os.environ.get(name, "").strip()
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value == "1" if value else default


def whole_number(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if value and not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value) if value else default


def secret_key(home: Path) -> str:
    """The key in the data folder, made when it is first needed and readable by its owner only."""
    path = home / "secret_key"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise ImproperlyConfigured(f"Others can read {path}. Run: chmod 600 {path}") from None
        key = path.read_text(encoding="ascii").strip()
        if len(key) < 50:
            raise ImproperlyConfigured(f"{path} holds no usable key. Restore it from a backup.") from None
        return key
    key = secrets.token_urlsafe(64)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key


def mail_server(url: str) -> dict[str, Any] | None:
    """The SMTP server letters are handed to, as Django's mail backend wants it; None where there is none."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("VICUS_SMTP must look like smtp://user:password@host:587 or smtps://….")
    implicit = parts.scheme == "smtps"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if implicit else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": implicit,
        "use_tls": not implicit and parts.hostname not in (*LOOPBACK, "::1"),
    }


# --- this installation ---------------------------------------------------------------------------

VICUS_HOME = Path(os.environ.get("VICUS_HOME") or ".vicus").expanduser().resolve()
DEMO = switch("VICUS_DEMO", default=False)
DEBUG = switch("VICUS_DEBUG", default=False)

ALLOWED_HOSTS = [host.strip() for host in os.environ.get("VICUS_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = ALLOWED_HOSTS or list(LOOPBACK)
ONLY_THIS_MACHINE = set(ALLOWED_HOSTS) <= set(LOOPBACK)
HTTPS = switch("VICUS_HTTPS", default=not ONLY_THIS_MACHINE)
PROXIES = whole_number("VICUS_PROXIES", default=0)

ADDRESS = (os.environ.get("VICUS_ADDRESS") or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}").rstrip(
    "/"
)
SMTP = mail_server(os.environ.get("VICUS_SMTP", ""))
MAIL_FROM = os.environ.get("VICUS_MAIL_FROM", "").strip()
if SMTP and "@" not in MAIL_FROM:
    raise ImproperlyConfigured("VICUS_SMTP needs VICUS_MAIL_FROM, the address letters come from.")

if DEMO and PROXIES:
    raise ImproperlyConfigured("VICUS_DEMO=1 is for this machine only; VICUS_PROXIES lets others in.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("VICUS_HOSTS must name the hosts; * would accept any.")
if not ONLY_THIS_MACHINE:
    for chosen, what in ((DEMO, "VICUS_DEMO=1"), (DEBUG, "VICUS_DEBUG=1"), (not HTTPS, "VICUS_HTTPS=0")):
        if chosen:
            raise ImproperlyConfigured(f"{what} is for this machine only; VICUS_HOSTS names others.")

# Kernels compiled on first use are kept beside their module, or here where that cannot be written.
if not os.access(Path(vicus.analysis.__file__).parent, os.W_OK):
    os.environ.setdefault("NUMBA_CACHE_DIR", str(VICUS_HOME / "cache" / "numba"))

# Read when something is first signed, so that importing these settings writes nothing.
SECRET_KEY = cast(str, SimpleLazyObject(lambda: secret_key(VICUS_HOME)))

# --- rooms of the site ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "vicus.web.site",
    "vicus.web.bulletins",
    "vicus.web.reports",
    "vicus.web.search",
    "vicus.web.decisions",
    "vicus.web.governance",
    "vicus.web.plans",
    "vicus.web.meetings",
    "vicus.web.sara",
    "vicus.web.actions",
    "vicus.web.phases",
    "vicus.web.perimeters",
    "vicus.web.hotspots",
    "vicus.web.knowledge",
    "vicus.web.facts",
    "vicus.web.zone",
    "vicus.web.accounts",
    "vicus.web.public",
    "vicus.web.audit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vicus.web.site.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "vicus.web.accounts.middleware.preferred_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # Every page asks for an account unless its view says otherwise, and then for the second factor.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "vicus.web.accounts.middleware.SecondFactor",
    "vicus.web.site.middleware.ZoneClock",
]

ROOT_URLCONF = "vicus.web.site.urls"
WSGI_APPLICATION = "vicus.web.site.wsgi.application"

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
                "vicus.web.site.context.installation",
            ],
        },
    },
]

# --- data ----------------------------------------------------------------------------------------

# What residents read and write stands apart, where their process finds it and nothing else (rights R02).
PUBLIC_FOLDER = public_folder(VICUS_HOME)
DATABASES = {
    "default": database(os.environ.get("VICUS_DATABASE", ""), VICUS_HOME / "vicus.sqlite3"),
    "public": public_database(PUBLIC_FOLDER),
}
DATABASE_ROUTERS = ["vicus.web.public.database.Apart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORE_ROOT = VICUS_HOME / "store"
FILES_ROOT = VICUS_HOME / "files"
MEDIA_ROOT = FILES_ROOT
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "vicus.web.site.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Shared by all processes of the site: the limits on sign-in attempts are counted here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VICUS_HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- accounts ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name", "email")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]  # fmt: skip

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "vicus.web.accounts.adapters.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

MFA_ADAPTER = "vicus.web.accounts.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Vicus"
MFA_TOTP_TOLERANCE = 1
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TRUST_ENABLED = False
# Browsers allow security keys on http://localhost only, which is also where DEMO and DEBUG live.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# --- sessions, cookies, headers ------------------------------------------------------------------

SESSION_COOKIE_NAME = "vicus_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "vicus_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "vicus.web.site.views.form_expired"
LANGUAGE_COOKIE_NAME = "vicus_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Pictures are drawn in the page, and MapLibre's worker is a file of the site: no data: and no blob: anywhere.
        "img-src": [SELF],
        "worker-src": [SELF],
        "child-src": [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- languages, time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("en", _("English"))]
# Dutch of the sign-in library says "je"; here it says "u", as the site does.
LOCALE_PATHS = [HERE / "locale", HERE / "locale_allauth"]
USE_I18N = True
USE_TZ = True
# Each zone has its own (site/middleware.py); this one is for what belongs to no zone.
TIME_ZONE = "Europe/Brussels"

# --- static files --------------------------------------------------------------------------------

STATIC_URL = "static/"
# Served straight from the package: nothing to collect before the first page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- log -----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("VICUS_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        # Django's own handlers would send mail and print twice.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True, "level": "INFO"},
        "fontTools": {"level": "WARNING"},
    },
}
