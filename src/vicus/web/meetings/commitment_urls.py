from django.urls import URLPattern, URLResolver, path

from vicus.web.meetings.views import commitments, links

app_name = "commitments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", commitments.page, name="list"),
    path("list.<slug:kind>", commitments.file, name="file"),
    path("new/", commitments.make, name="make"),
    path("links/", links.page, name="links"),
    path("links/<int:pk>/make/", links.make, name="make_link"),
    path("links/<int:pk>/revoke/", links.revoke, name="revoke_link"),
    path("<int:pk>/", commitments.one, name="commitment"),
    path("<int:pk>/words/", commitments.correct, name="correct"),
    path("<int:pk>/step/<slug:code>/", commitments.step, name="step"),
]
