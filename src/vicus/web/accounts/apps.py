from django.apps import AppConfig


class Accounts(AppConfig):
    name = "vicus.web.accounts"
    label = "accounts"
