from django.apps import AppConfig


class Search(AppConfig):
    name = "vicus.web.search"
    label = "search"
