from django.urls import URLPattern, URLResolver, path

from vicus.web.plans.views import evaluation, evaluations, papers, parts, plan

app_name = "plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", plan.current, name="plan"),
    path("new/", plan.new, name="new"),
    path("<int:pk>/", plan.one, name="one"),
    path("<int:pk>/change/", plan.change, name="change"),
    path("<int:pk>/step/<slug:code>/", plan.step, name="step"),
    path("<int:plan>/<slug:kind>/new/<int:above>/", parts.new, name="new_part"),
    path("<int:plan>/<slug:kind>/<int:pk>/", parts.change, name="part"),
    path("<int:plan>/<slug:kind>/<int:pk>/remove/", parts.remove, name="remove_part"),
    path("<int:plan>/links/<int:objective>/add/", parts.link, name="link"),
    path("<int:plan>/links/<int:pk>/take-off/", parts.unlink, name="unlink"),
    path("evaluations/", evaluations.page, name="evaluations"),
    path("evaluations/begin/", evaluations.begin, name="begin"),
    path("evaluations/<int:pk>/", evaluation.page, name="evaluation"),
    path("evaluations/<int:pk>/step/<slug:code>/", evaluation.step, name="evaluation_step"),
    path("evaluations/<int:pk>/report.<slug:kind>", papers.file, name="paper"),
]
