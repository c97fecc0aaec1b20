from django.urls import URLPattern, URLResolver, path

from vicus.web.knowledge.views import cards, writing

app_name = "knowledge"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", cards.page, name="list"),
    path("networks/", cards.networks, name="networks"),
    path("near/", cards.near, name="near"),
    path("new/", writing.add, name="add"),
    path("<int:pk>/", cards.one, name="card"),
    path("<int:pk>/change/", writing.change, name="change"),
    path("<int:pk>/out/", writing.take_out, name="take_out"),
    path("<int:pk>/back/", writing.put_back, name="put_back"),
]
