"""The style guide and the switch between light and dark."""

from django.urls import path

from vicus.web.site.styleguide import choose_appearance, example_page, guide, reason_page

app_name = "styleguide"

urlpatterns = [
    path("", guide, name="guide"),
    path("page/", example_page, name="page"),
    path("reason/", reason_page, name="reason"),
    path("appearance/", choose_appearance, name="appearance"),
]
