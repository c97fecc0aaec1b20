from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ZoneApp(AppConfig):
    name = "vicus.web.zone"
    label = "zone"

    def ready(self) -> None:
        from vicus.web.audit import words as audit

        audit.EVENTS["streets imported"] = _("streets imported")
