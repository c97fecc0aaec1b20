from django.urls import URLPattern, URLResolver, path

from vicus.web.search.views import page

app_name = "search"

urlpatterns: list[URLPattern | URLResolver] = [path("", page, name="page")]
