from django.urls import URLPattern, URLResolver, path

from vicus.web.governance.views import letters

app_name = "letters"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", letters.page, name="list"),
    path("again/", letters.again, name="again"),
    path("<slug:zone>/meeting/<int:pk>/", letters.of_meeting, name="meeting"),
]
