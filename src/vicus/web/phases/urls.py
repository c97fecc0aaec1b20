from django.urls import URLPattern, URLResolver

app_name = "phases"

urlpatterns: list[URLPattern | URLResolver] = []
