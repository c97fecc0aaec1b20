from django.apps import AppConfig


class Accounts(AppConfig):
    name = "vicus.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from vicus.web.accounts import declarations, signals  # noqa: F401 (they register themselves)
