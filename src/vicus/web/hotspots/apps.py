from django.apps import AppConfig


class Hotspots(AppConfig):
    name = "vicus.web.hotspots"
    label = "hotspots"

    def ready(self) -> None:
        from vicus.web.facts.signals import imported
        from vicus.web.hotspots.tasks import warm_later

        imported.connect(warm_later)
