from django.urls import URLPattern, URLResolver, path

from vicus.web.perimeters.views.drawing import change, figures, new, redraw
from vicus.web.perimeters.views.listing import page as listing
from vicus.web.perimeters.views.place import page as place
from vicus.web.perimeters.views.proposal import page as proposal
from vicus.web.perimeters.views.proposal import step

app_name = "perimeters"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing, name="list"),
    path("new/", new, name="new"),
    path("figures/", figures, name="figures"),
    path("<int:number>/", place, name="hotspot"),
    path("<int:number>/draw/", redraw, name="redraw"),
    path("proposals/<int:pk>/", proposal, name="proposal"),
    path("proposals/<int:pk>/change/", change, name="change"),
    path("proposals/<int:pk>/step/<slug:code>/", step, name="step"),
]
