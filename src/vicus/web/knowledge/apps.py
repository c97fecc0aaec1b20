from django.apps import AppConfig


class Knowledge(AppConfig):
    name = "vicus.web.knowledge"
    label = "knowledge"
