from django.apps import AppConfig


class Perimeters(AppConfig):
    name = "vicus.web.perimeters"
    label = "perimeters"
