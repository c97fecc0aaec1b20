"""Where gunicorn finds the site."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# What the site writes is for the account it runs as alone.
os.umask(0o077)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.site.settings")

application = get_wsgi_application()
# The pages, and what they draw and count with, are loaded now and not when the first reader asks.
get_resolver().check()
import_module("vicus.web.hotspots.warming").kernels()
