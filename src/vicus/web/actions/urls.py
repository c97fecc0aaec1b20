from django.urls import URLPattern, URLResolver, path

from vicus.web.actions.views.action import change, lesson, page, plan, step
from vicus.web.actions.views.assessment import of_zone
from vicus.web.actions.views.assessment import page as assess
from vicus.web.actions.views.board import page as board
from vicus.web.actions.views.design import page as design
from vicus.web.actions.views.downloads import file
from vicus.web.actions.views.learning import make_card
from vicus.web.actions.views.visits import import_file, note, remove
from vicus.web.actions.views.visits import page as visits
from vicus.web.actions.views.week import page as week

app_name = "actions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board, name="board"),
    path("new/", plan, name="plan"),
    path("list.<slug:kind>", file, name="file"),
    path("week/", week, name="week"),
    path("visits/", visits, name="visits"),
    path("visits/import/", import_file, name="import_visits"),
    path("evaluations/", of_zone, name="evaluations"),
    path("<int:pk>/", page, name="action"),
    path("<int:pk>/change/", change, name="change"),
    path("<int:pk>/step/<slug:code>/", step, name="step"),
    path("<int:pk>/lesson/", lesson, name="lesson"),
    path("<int:pk>/card/", make_card, name="make_card"),
    path("<int:pk>/visits/", note, name="note_visit"),
    path("<int:pk>/visits/<int:visit>/remove/", remove, name="remove_visit"),
    path("<int:pk>/design/", design, name="design"),
    path("<int:pk>/assess/", assess, name="assess"),
]
