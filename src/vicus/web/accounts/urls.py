from django.urls import path

from vicus.web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("enter/", views.enter_demo, name="enter_demo"),
]
