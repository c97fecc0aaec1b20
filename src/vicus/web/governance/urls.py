from django.urls import URLPattern, URLResolver, path

from vicus.web.governance.views import clock, commune, mine

app_name = "governance"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", clock.page, name="clock"),
    path("rules/", clock.rules, name="rules"),
    path("commune/", commune.page, name="commune"),
    path("mine/", mine.page, name="mine"),
    path("mine/calendar/", mine.make, name="make_feed"),
    path("mine/calendar/<int:pk>/revoke/", mine.revoke, name="revoke_feed"),
    path("mine/letter/", mine.weekly, name="weekly"),
]
