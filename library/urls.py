"""Pages of the library."""

from django.urls import path

from library.views import (
    catalogue,
    crates,
    duplicates,
    imports,
    listing,
    many,
    packs,
    preferences,
    samples,
    similar,
    stats,
    tokens,
    trash,
    watch,
)
from library.views import help as helping

app_name = "library"
urlpatterns = [
    path("library/", listing.library, name="list"),
    path("library/folders/", listing.folders, name="folders"),
    path("library/folders/names/", listing.folder_names, name="folder-names"),
    path("library/jumps/", listing.jumps, name="jumps"),
    path("library/crates/", crates.keep_crate, name="crates"),
    path("library/crates/<int:pk>/", crates.change_crate, name="crate"),
    path("library/upload/", imports.upload, name="upload"),
    path("library/imports/", imports.tray, name="imports"),
    path("library/demo/", imports.demo, name="demo"),
    path("library/packs/", packs.packs, name="packs"),
    path("library/packs/<int:pk>/", packs.pack, name="pack"),
    path("library/catalogue/", catalogue.table, name="catalogue"),
    path("library/watch/", watch.page, name="watch"),
    path("library/watch/<int:pk>/end/", watch.remove, name="end-watch"),
    path("library/watch/<int:pk>/look/", watch.look, name="look-now"),
    path("library/duplicates/", duplicates.page, name="duplicates"),
    path("library/stats/", stats.page, name="stats"),
    path("library/trash/", trash.page, name="trash"),
    path("library/trash/empty/", trash.empty, name="empty-trash"),
    path("library/edits/<int:pk>/undo/", many.undo_edit, name="undo-edit"),
    path("samples/bulk/", many.change_many, name="bulk"),
    path("samples/similar/", similar.of_chosen, name="similar-to"),
    path("samples/<int:pk>/similar/", similar.similar, name="similar"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/audio", samples.audio, name="audio"),
    path("samples/<int:pk>/peaks.bin", samples.peaks, name="peaks"),
    path("samples/<int:pk>/onsets.bin", samples.onsets, name="onsets"),
    path("samples/<int:pk>/original", samples.original, name="original"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/midi/", preferences.midi, name="midi"),
    path("preferences/tokens/", tokens.make_token, name="make-token"),
    path("preferences/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("help/keys/", helping.keys, name="keys"),
]
