from django.apps import AppConfig


class Actions(AppConfig):
    name = "vicus.web.actions"
    label = "actions"
