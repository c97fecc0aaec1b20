from django.urls import URLPattern, URLResolver, path

from vicus.web.phases.views import list_of_zone, moves, place

app_name = "phases"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", list_of_zone.page, name="list"),
    path("setting/", list_of_zone.setting, name="setting"),
    path("<int:number>/", place.page, name="hotspot"),
    path("<int:number>/moves/", moves.draw_up, name="draw_up"),
    path("<int:number>/moves/<int:pk>/checklist/", moves.checklist, name="checklist"),
    path("<int:number>/moves/<int:pk>/step/<slug:code>/", moves.step, name="step"),
]
