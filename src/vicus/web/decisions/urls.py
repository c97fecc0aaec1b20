from django.urls import URLPattern, URLResolver, path

from vicus.web.decisions.views import around, compare, differences, downloads, waiting

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", waiting.page, name="waiting"),
    path("differences/", differences.page, name="differences"),
    path("around/", around.page, name="around"),
    path("compare/", compare.page, name="compare"),
    path("<slug:table>.<slug:kind>", downloads.table, name="file"),
]
