from django.apps import AppConfig


class Hotspots(AppConfig):
    name = "vicus.web.hotspots"
    label = "hotspots"
