"""Every address of the site."""

from allauth.account import views as account
from django.urls import include, path

from vicus.web.governance.views import feed
from vicus.web.meetings.views import promise
from vicus.web.site import health, register, views
from vicus.web.zone.urls import members

# Only what a closed house needs: no sign-up, no e-mail addresses, no password by e-mail.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", health.health, name="health"),
    path("language/", views.choose_language, name="language"),
    path("demo/", include("vicus.web.accounts.urls")),
    path("accounts/", include(accounts)),
    path("promise/<str:token>/", promise.page, name="promise"),
    path("letters/", include("vicus.web.governance.post_urls")),
    path("users/", include(members)),
    path("calendar/<str:token>.ics", feed.page, name="calendar"),
    path("audit/register/", register.page, name="register"),
    path("audit/register.csv", register.file, name="register_file"),
    path("audit/", include("vicus.web.audit.urls")),
    path("styleguide/", include("vicus.web.site.styleguide_urls")),
    path("<slug:zone>/territory/", include("vicus.web.zone.urls")),
    path("<slug:zone>/imports/", include("vicus.web.facts.urls")),
    path("<slug:zone>/sheets/", include("vicus.web.sara.urls")),
    path("<slug:zone>/actions/", include("vicus.web.actions.urls")),
    path("<slug:zone>/phases/", include("vicus.web.phases.urls")),
    path("<slug:zone>/perimeters/", include("vicus.web.perimeters.urls")),
    path("<slug:zone>/decisions/", include("vicus.web.decisions.urls")),
    path("<slug:zone>/knowledge/", include("vicus.web.knowledge.urls")),
    path("<slug:zone>/meetings/", include("vicus.web.meetings.urls")),
    path("<slug:zone>/commitments/", include("vicus.web.meetings.commitment_urls")),
    path("<slug:zone>/governance/", include("vicus.web.governance.urls")),
    path("<slug:zone>/plan/", include("vicus.web.plans.urls")),
    path("<slug:zone>/reports/", include("vicus.web.reports.urls")),
    path("<slug:zone>/bulletins/", include("vicus.web.bulletins.urls")),
    path("<slug:zone>/search/", include("vicus.web.search.urls")),
    path("<slug:zone>/", include("vicus.web.hotspots.urls")),
]

handler400 = "vicus.web.site.views.bad_request"
handler403 = "vicus.web.site.views.forbidden"
handler404 = "vicus.web.site.views.not_found"
handler500 = "vicus.web.site.views.broken"
