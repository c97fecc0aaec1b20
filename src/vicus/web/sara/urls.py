from django.urls import URLPattern, URLResolver

app_name = "sara"

urlpatterns: list[URLPattern | URLResolver] = []
