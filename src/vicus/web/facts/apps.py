from django.apps import AppConfig


class Facts(AppConfig):
    name = "vicus.web.facts"
    label = "facts"

    def ready(self) -> None:
        from vicus.web.facts import declarations  # noqa: F401 (it registers itself)
