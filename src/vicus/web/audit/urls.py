from django.urls import path

from vicus.web.audit import views

app_name = "audit"

urlpatterns = [
    path("", views.trail, name="trail"),
    path("chain/", views.chain, name="chain"),
    path("export/", views.export, name="export"),
]
