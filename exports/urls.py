"""Pages of the exports."""

from django.urls import path

from exports import views

app_name = "exports"
urlpatterns = [
    path("", views.history, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/progress/", views.job_progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/restart/", views.restart, name="restart"),
    path("<int:pk>/zip", views.zip_file, name="zip"),
    path("<int:pk>/manifest.csv", views.manifest, name="manifest"),
]
