from django.apps import AppConfig


class Sara(AppConfig):
    name = "vicus.web.sara"
    label = "sara"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.sara import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
