from django.urls import URLPattern, URLResolver, path

from vicus.web.reports.views import archive, build, schedules, templates

app_name = "reports"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", archive.page, name="list"),
    path("<int:pk>/", archive.one, name="drawn"),
    path("<int:pk>/file/", archive.file, name="file"),
    path("build/", build.kinds, name="kinds"),
    path("build/<slug:kind>/", build.page, name="build"),
    path("asked/<int:pk>/", build.order, name="order"),
    path("saved/<int:pk>/remove/", build.remove, name="remove_saved"),
    path("schedules/", schedules.page, name="schedules"),
    path("schedules/new/<slug:kind>/", schedules.new, name="schedule_new"),
    path("schedules/<int:pk>/", schedules.change, name="schedule"),
    path("schedules/<int:pk>/stop/", schedules.stop, name="schedule_stop"),
    path("templates/", templates.page, name="templates"),
    path("templates/<int:pk>/test/", templates.test, name="template_test"),
    path("templates/<int:pk>/remove/", templates.remove, name="template_remove"),
]
