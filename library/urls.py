"""Pages of the library."""

from django.urls import path

from library.views import help as helping
from library.views import imports, listing, preferences, samples, tokens, trash

app_name = "library"
urlpatterns = [
    path("library/", listing.library, name="list"),
    path("library/upload/", imports.upload, name="upload"),
    path("library/imports/", imports.tray, name="imports"),
    path("library/demo/", imports.demo, name="demo"),
    path("library/trash/", trash.page, name="trash"),
    path("library/trash/empty/", trash.empty, name="empty-trash"),
    path("library/edits/<int:pk>/undo/", listing.undo_edit, name="undo-edit"),
    path("samples/bulk/", listing.change_many, name="bulk"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/audio", samples.audio, name="audio"),
    path("samples/<int:pk>/peaks.bin", samples.peaks, name="peaks"),
    path("samples/<int:pk>/original", samples.original, name="original"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/tokens/", tokens.make_token, name="make-token"),
    path("preferences/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("help/keys/", helping.keys, name="keys"),
]
