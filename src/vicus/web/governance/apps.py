from django.apps import AppConfig


class Governance(AppConfig):
    name = "vicus.web.governance"
    label = "governance"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.governance import words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
