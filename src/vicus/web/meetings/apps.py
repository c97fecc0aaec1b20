from django.apps import AppConfig


class Meetings(AppConfig):
    name = "vicus.web.meetings"
    label = "meetings"

    def ready(self) -> None:
        from vicus.web.audit import words as audit
        from vicus.web.meetings import commitment_words, words

        audit.OBJECTS.update(commitment_words.OBJECTS)
        audit.EVENTS.update(commitment_words.EVENTS)
        audit.OBJECTS.update(words.OBJECTS)
        audit.EVENTS.update(words.EVENTS)
