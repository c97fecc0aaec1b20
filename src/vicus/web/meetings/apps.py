from django.apps import AppConfig


class Meetings(AppConfig):
    name = "vicus.web.meetings"
    label = "meetings"
