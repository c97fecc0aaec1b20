from django.apps import AppConfig


class Public(AppConfig):
    name = "vicus.web.public"
    label = "public"
