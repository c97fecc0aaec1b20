from django.apps import AppConfig


class Audit(AppConfig):
    name = "vicus.web.audit"
    label = "audit"
