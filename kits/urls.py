"""Pages of the kits."""

from django.urls import include, path

from kits.views import arrange, auto, banks, lost, pads, place, sheet, shelf, slicer

app_name = "kits"
of_kits = [
    path("slicer/", slicer.choose, name="slicer-choose"),
    path("", shelf.kit_list, name="list"),
    path("dock/", shelf.dock, name="dock"),
    path("picker/", place.picker, name="picker"),
    path("place/", place.place, name="place"),
    path("auto/", auto.auto, name="auto"),
    path("favourites/", arrange.from_favourites, name="favourites"),
    path("templates/<int:pk>/delete/", arrange.delete_template, name="delete-template"),
    path("<int:pk>/", shelf.builder, name="builder"),
    path("<int:pk>/rename/", shelf.rename, name="rename"),
    path("<int:pk>/delete/", shelf.delete, name="delete"),
    path("deleted/<int:pk>/back/", shelf.bring_back, name="bring-back"),
    path("<int:pk>/arrange/", arrange.arrange, name="arrange"),
    path("<int:pk>/duplicate/", arrange.duplicate, name="duplicate"),
    path("<int:pk>/copy/", arrange.copy_bank, name="copy-bank"),
    path("<int:pk>/shuffle/", arrange.shuffle_bank, name="shuffle"),
    path("<int:pk>/lock/", arrange.lock, name="lock"),
    path("<int:pk>/template/", arrange.keep_template, name="keep-template"),
    path("<int:pk>/lost/", lost.page, name="lost"),
    path("<int:pk>/browse/", shelf.browse, name="browse"),
    path("<int:pk>/assign/", pads.assign_pads, name="assign"),
    path("<int:pk>/move/", pads.move_pad, name="move"),
    path("<int:pk>/clear/", pads.clear_pads, name="clear"),
    path("<int:pk>/sheet/", sheet.sheet, name="sheet"),
    path("<int:pk>/sheet.png", sheet.sheet_png, name="sheet-png"),
    path("<int:pk>/sheet.txt", sheet.sheet_text, name="sheet-text"),
    path("<int:pk>/paste/", pads.paste_settings, name="paste"),
    path("<int:pk>/level/", banks.match_levels, name="level"),
    path("<int:pk>/bank/", banks.set_bank, name="bank"),
    path("<int:pk>/undo/", pads.undo, name="undo"),
    path("<int:pk>/redo/", pads.redo, name="redo"),
    path("<int:pk>/pads/<str:pad>/", pads.pad, name="pad"),
]
urlpatterns = [
    path("kits/", include(of_kits)),
    path("samples/<int:pk>/slice/", slicer.page, name="slicer"),
    path("samples/<int:pk>/slice/marks/", slicer.marks, name="slicer-marks"),
]
