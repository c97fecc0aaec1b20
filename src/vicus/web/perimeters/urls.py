from django.urls import URLPattern, URLResolver

app_name = "perimeters"

urlpatterns: list[URLPattern | URLResolver] = []
