from django.urls import path

from vicus.web.zone.views import members as members_views
from vicus.web.zone.views import territory

app_name = "zone"

urlpatterns = [
    path("", territory.territory, name="territory"),
    path("import/", territory.import_territory, name="import_territory"),
]

# The users of a zone and their roles, at /users/.
members = (
    [
        path("", members_views.listing, name="list"),
        path("new/", members_views.create, name="create"),
        path("roles/", members_views.roles, name="roles"),
        path("<str:username>/", members_views.edit, name="edit"),
        path("<str:username>/act/", members_views.act, name="act"),
    ],
    "users",
)
