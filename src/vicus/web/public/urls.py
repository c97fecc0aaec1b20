"""Every address of the public side: the language stands in front."""

from django.urls import path, register_converter

from vicus.web.public import views
from vicus.web.public.models import LANGUAGES


class Language:
    """One of the languages of the bulletins."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Language, "language")

urlpatterns = [
    path("", views.start, name="start"),
    path("health/", views.health, name="health"),
    path("<language:language>/", views.bulletins, name="bulletins"),
    path("<language:language>/<slug:slug>/", views.bulletin, name="bulletin"),
    path("<language:language>/<slug:slug>/feedback/", views.feedback, name="feedback"),
    path("<language:language>/<slug:slug>/thanks/", views.thanks, name="thanks"),
]

handler404 = "vicus.web.public.views.not_found"
handler500 = "vicus.web.public.views.broken"
