from django.apps import AppConfig


class Plans(AppConfig):
    name = "vicus.web.plans"
    label = "plans"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.plans import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
