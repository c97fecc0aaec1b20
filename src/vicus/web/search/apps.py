from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class Search(AppConfig):
    name = "vicus.web.search"
    label = "search"

    def ready(self) -> None:
        from vicus.web.search import index

        index.follow()
        # Audit is the last of Vicus's own apps: by then the cards of this version are loaded.
        post_migrate.connect(index.after_migrate, sender=apps.get_app_config("audit"))
