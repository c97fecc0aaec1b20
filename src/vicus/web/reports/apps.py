from django.apps import AppConfig


class Reports(AppConfig):
    name = "vicus.web.reports"
    label = "reports"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.reports import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
