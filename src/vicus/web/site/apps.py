from django.apps import AppConfig


class SiteApp(AppConfig):
    name = "vicus.web.site"
    label = "site"
