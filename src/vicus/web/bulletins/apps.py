from django.apps import AppConfig


class Bulletins(AppConfig):
    name = "vicus.web.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.bulletins import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
