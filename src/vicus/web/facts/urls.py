from django.urls import path

from vicus.web.facts import views

app_name = "facts"

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.receive, name="receive"),
    path("versions/", views.versions, name="versions"),
    path("categories/", views.categories, name="categories"),
    path("<int:pk>/", views.one_import, name="import"),
    path("<int:pk>/step/", views.step, name="step"),
    path("<int:pk>/rejects.csv", views.rejects, name="rejects"),
]
