from django.apps import AppConfig


class Governance(AppConfig):
    name = "vicus.web.governance"
    label = "governance"
