from django.apps import AppConfig


class Bulletins(AppConfig):
    name = "vicus.web.bulletins"
    label = "bulletins"
