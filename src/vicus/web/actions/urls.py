from django.urls import URLPattern, URLResolver, path

from vicus.web.actions.views import action, assessment, board, design, visits

app_name = "actions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.page, name="board"),
    path("new/", action.plan, name="plan"),
    path("visits/", visits.page, name="visits"),
    path("visits/import/", visits.import_file, name="import_visits"),
    path("evaluations/", assessment.of_zone, name="evaluations"),
    path("<int:pk>/", action.page, name="action"),
    path("<int:pk>/change/", action.change, name="change"),
    path("<int:pk>/step/<slug:code>/", action.step, name="step"),
    path("<int:pk>/visits/", visits.note, name="note_visit"),
    path("<int:pk>/visits/<int:visit>/remove/", visits.remove, name="remove_visit"),
    path("<int:pk>/design/", design.page, name="design"),
    path("<int:pk>/assess/", assessment.page, name="assess"),
]
