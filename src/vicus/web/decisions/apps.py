from django.apps import AppConfig


class Decisions(AppConfig):
    name = "vicus.web.decisions"
    label = "decisions"
