"""The style guide and the switch between light and dark."""

from django.urls import path

from vicus.web.site import styleguide

app_name = "styleguide"

urlpatterns = [
    path("", styleguide.guide, name="guide"),
    path("page/", styleguide.example_page, name="page"),
    path("reason/", styleguide.reason_page, name="reason"),
    path("appearance/", styleguide.choose_appearance, name="appearance"),
]
