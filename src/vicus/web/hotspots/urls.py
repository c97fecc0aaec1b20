from django.urls import URLPattern, URLResolver

app_name = "hotspots"

urlpatterns: list[URLPattern | URLResolver] = []
