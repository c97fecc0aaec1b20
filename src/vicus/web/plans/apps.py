from django.apps import AppConfig


class Plans(AppConfig):
    name = "vicus.web.plans"
    label = "plans"
