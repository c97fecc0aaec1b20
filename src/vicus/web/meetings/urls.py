from django.urls import URLPattern, URLResolver, path

from vicus.web.meetings.views import meetings, minutes, organisations, papers, pulse

app_name = "meetings"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", meetings.page, name="list"),
    path("plan/", meetings.plan, name="plan"),
    path("pulse/", pulse.page, name="pulse"),
    path("organisations/", organisations.page, name="organisations"),
    path("organisations/add/", organisations.add, name="add_organisation"),
    path("organisations/<int:pk>/", organisations.change, name="organisation"),
    path("organisations/<int:pk>/end/", organisations.end, name="end_organisation"),
    path("organisations/<int:pk>/delete/", organisations.delete, name="delete_organisation"),
    path("bodies/", organisations.bodies, name="bodies"),
    path("bodies/add/", organisations.add_body, name="add_body"),
    path("bodies/<int:pk>/", organisations.change_body, name="body"),
    path("<int:pk>/", meetings.one, name="meeting"),
    path("<int:pk>/change/", meetings.change, name="change"),
    path("<int:pk>/minutes.<slug:kind>", papers.paper, name="paper"),
    path("<int:pk>/words/<slug:key>/", minutes.write, name="write"),
    path("<int:pk>/aside/<int:aside>/", minutes.settle, name="settle"),
    path("<int:pk>/step/<slug:code>/", meetings.step, name="step"),
    path("<int:pk>/fields/<slug:kind>/", minutes.group, name="group"),
    path("<int:pk>/<slug:kind>/add/", minutes.add_row, name="add_row"),
    path("<int:pk>/<slug:kind>/<int:row>/", minutes.change_row, name="change_row"),
    path("<int:pk>/<slug:kind>/<int:row>/remove/", minutes.remove_row, name="remove_row"),
]
