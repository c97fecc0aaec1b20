from django.apps import AppConfig


class Sara(AppConfig):
    name = "vicus.web.sara"
    label = "sara"
