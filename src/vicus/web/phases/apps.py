from django.apps import AppConfig


class Phases(AppConfig):
    name = "vicus.web.phases"
    label = "phases"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.phases import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
