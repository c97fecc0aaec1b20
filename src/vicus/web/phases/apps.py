from django.apps import AppConfig


class Phases(AppConfig):
    name = "vicus.web.phases"
    label = "phases"
