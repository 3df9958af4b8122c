"""Where every page hangs."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from exports.shared import shared
from exports.views import job_lamp
from library import access
from sp404site import api

urlpatterns = [
    path("", access.front_door, name="front-door"),
    path(
        "login/",
        auth.LoginView.as_view(template_name="login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("healthz", access.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("api/", api.urls()),
    path("api/<path:path>", api.nothing, name="api-nothing"),
    path("", include("library.urls")),
    path("", include("kits.urls")),
    path("exports/", include("exports.urls")),
    path("jobs/lamp/", job_lamp, name="job-lamp"),
    path("share/<str:token>", shared, name="share"),
]
