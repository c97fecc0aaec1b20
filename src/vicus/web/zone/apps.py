from django.apps import AppConfig


class ZoneApp(AppConfig):
    name = "vicus.web.zone"
    label = "zone"
