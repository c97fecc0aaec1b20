"""Where gunicorn finds the public side."""

import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created
from django.urls import get_resolver

from vicus.web.public import guard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vicus.web.public.settings")

application = get_wsgi_application()
connection_created.connect(guard.close)
get_resolver().check()
