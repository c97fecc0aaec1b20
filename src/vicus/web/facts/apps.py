from django.apps import AppConfig


class Facts(AppConfig):
    name = "vicus.web.facts"
    label = "facts"
