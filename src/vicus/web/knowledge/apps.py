from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Knowledge(AppConfig):
    name = "vicus.web.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.knowledge import shipped, words

        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
        post_migrate.connect(shipped.after_migrate, sender=self)
