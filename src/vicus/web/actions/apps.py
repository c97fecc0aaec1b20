from django.apps import AppConfig


class Actions(AppConfig):
    name = "vicus.web.actions"
    label = "actions"

    def ready(self) -> None:
        from vicus.web.actions.presence import planned
        from vicus.web.phases import computed

        computed.register("presence", planned)
