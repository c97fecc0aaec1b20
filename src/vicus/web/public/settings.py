"""Settings of the side that residents read: one app, one database, no accounts, no sessions, no cookies.

Nothing of the operational site is in here. All that may be chosen:

VICUS_PUBLIC           folder of public.sqlite3 (needed, unless VICUS_PUBLIC_DATABASE is given)
VICUS_PUBLIC_DATABASE  postgres://user:password@host:port/name instead, with an account that reads these tables only
VICUS_PUBLIC_HOSTS     names the public side answers to, separated by commas (default: this machine only)
VICUS_PUBLIC_PROXIES   number of trusted reverse proxies in front of it (default 0)
VICUS_LOG_LEVEL        DEBUG, INFO, WARNING or ERROR (default INFO)
"""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from vicus.web.public.database import public_database

WEB = Path(__file__).resolve().parents[1]

if not (os.environ.get("VICUS_PUBLIC") or os.environ.get("VICUS_PUBLIC_DATABASE")):
    raise ImproperlyConfigured("VICUS_PUBLIC must name the folder of the public database.")

# Signs the moment a form was opened, for as long as this process runs; kept nowhere.
SECRET_KEY = secrets.token_urlsafe(64)

DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("VICUS_PUBLIC_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("VICUS_PUBLIC_HOSTS must name the hosts; * would accept any.")
PROXIES = int(os.environ.get("VICUS_PUBLIC_PROXIES") or 0)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

INSTALLED_APPS = ["vicus.web.public", "csp", "django.contrib.staticfiles"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "vicus.web.public.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "vicus.web.public.urls"
WSGI_APPLICATION = "vicus.web.public.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]

# The first one is nothing: a question to any table but those of `public` fails.
DATABASES = {"default": {}, "public": public_database(Path(os.environ.get("VICUS_PUBLIC") or "."))}
DATABASE_ROUTERS = ["vicus.web.public.database.Apart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20
FILE_UPLOAD_HANDLERS: list[str] = []

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français")]
LOCALE_PATHS = [WEB / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

STATIC_URL = "static/"
# The look of the site: its style sheets and letters, none of its scripts.
STATICFILES_DIRS = [("site", WEB / "site/static/site")] + [
    (f"vendor/{folder.name}", folder)
    for folder in sorted((WEB / "site/static/vendor").glob("source-*"))
]  # fmt: skip
WHITENOISE_USE_FINDERS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("VICUS_LOG_LEVEL", "INFO").upper()},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
