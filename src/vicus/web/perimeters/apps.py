from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Perimeters(AppConfig):
    name = "vicus.web.perimeters"
    label = "perimeters"

    def ready(self) -> None:
        from vicus.web.audit import words as audit

        audit.OBJECTS["perimeters.outline"] = _("outline while it is drawn")
        audit.EVENTS["figures of a drawn outline asked"] = _("figures of a drawn outline asked")
