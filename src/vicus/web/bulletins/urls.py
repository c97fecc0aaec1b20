from django.urls import URLPattern, URLResolver, path

from vicus.web.bulletins.views import feedback, listing, one

app_name = "bulletins"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.page, name="list"),
    path("new/", listing.begin, name="begin"),
    path("setting/", listing.setting, name="setting"),
    path("feedback/", feedback.page, name="feedback"),
    path("feedback/<int:pk>/", feedback.code, name="code"),
    path("feedback/<int:pk>/remove/", feedback.remove, name="remove_feedback"),
    path("<slug:slug>/", one.page, name="bulletin"),
    path("<slug:slug>/write/", one.write, name="write"),
    path("<slug:slug>/preview/", one.preview, name="preview"),
    path("<slug:slug>/pdf/", one.pdf, name="pdf"),
    path("<slug:slug>/step/<slug:code>/", one.step, name="step"),
    path("<slug:slug>/remove/", one.remove, name="remove"),
]
