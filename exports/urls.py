"""Pages of the exports."""

from django.urls import path

from exports import acts, history, views

app_name = "exports"
urlpatterns = [
    path("", history.history, name="list"),
    path("failed/", history.failed, name="failed"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/progress/", views.job_progress, name="progress"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/restart/", views.restart, name="restart"),
    path("<int:pk>/retry/", acts.retry, name="retry"),
    path("<int:pk>/leave-out/", acts.leave_out, name="leave-out"),
    path("<int:pk>/again/", acts.make_again, name="again"),
    path("<int:pk>/delete-files/", acts.delete_files, name="delete-files"),
    path("<int:pk>/share/", acts.make_link, name="share"),
    path("<int:pk>/share/<int:link>/revoke/", acts.revoke_link, name="revoke-link"),
    path("<int:pk>/zip", views.zip_file, name="zip"),
    path("<int:pk>/manifest.csv", views.manifest, name="manifest"),
]
