from django.urls import URLPattern, URLResolver, path

from vicus.web.sara.views import entries, listing, paper, problems, promised, sheet, steps, writing

app_name = "sara"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.page, name="list"),
    path("<int:number>/", sheet.mine, name="mine"),
    path("<int:number>/problems/", problems.page, name="problems"),
    path("<int:number>/problems/add/", problems.add, name="add_problem"),
    path("<int:number>/problems/<int:problem>/", problems.one, name="problem"),
    path("<int:number>/problems/<int:problem>/change/", problems.change, name="change_problem"),
    path("<int:number>/problems/<int:problem>/consult/", problems.consult, name="consult"),
    path("<int:number>/<slug:month>/", sheet.page, name="sheet"),
    path("<int:number>/<slug:month>/sheet.pdf", paper.pdf, name="paper"),
    path("<int:number>/<slug:month>/words/<slug:key>/", writing.write, name="write"),
    path("<int:number>/<slug:month>/aside/<int:aside>/", writing.settle, name="settle"),
    path("<int:number>/<slug:month>/step/<slug:name>/", steps.step, name="step"),
    path("<int:number>/<slug:month>/promise/<int:pk>/action/", promised.page, name="promise_action"),
    path("<int:number>/<slug:month>/<slug:kind>/add/", entries.add, name="add"),
    path("<int:number>/<slug:month>/<slug:kind>/<int:pk>/", entries.change, name="change"),
    path("<int:number>/<slug:month>/<slug:kind>/<int:pk>/remove/", entries.remove, name="remove"),
]
