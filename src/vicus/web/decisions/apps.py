from django.apps import AppConfig


class Decisions(AppConfig):
    name = "vicus.web.decisions"
    label = "decisions"

    def ready(self) -> None:
        from vicus.web.decisions.tasks import warm_later
        from vicus.web.facts.signals import imported

        imported.connect(warm_later)
