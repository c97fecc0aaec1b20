from django.apps import AppConfig


class Reports(AppConfig):
    name = "vicus.web.reports"
    label = "reports"
