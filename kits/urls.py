"""Pages of the kits."""

from django.urls import path

from kits.views import pads, place, sheet, shelf

app_name = "kits"
urlpatterns = [
    path("", shelf.kit_list, name="list"),
    path("dock/", shelf.dock, name="dock"),
    path("picker/", place.picker, name="picker"),
    path("place/", place.place, name="place"),
    path("<int:pk>/", shelf.builder, name="builder"),
    path("<int:pk>/rename/", shelf.rename, name="rename"),
    path("<int:pk>/delete/", shelf.delete, name="delete"),
    path("<int:pk>/browse/", shelf.browse, name="browse"),
    path("<int:pk>/assign/", pads.assign_pads, name="assign"),
    path("<int:pk>/move/", pads.move_pad, name="move"),
    path("<int:pk>/clear/", pads.clear_pads, name="clear"),
    path("<int:pk>/sheet/", sheet.sheet, name="sheet"),
    path("<int:pk>/sheet.png", sheet.sheet_png, name="sheet-png"),
    path("<int:pk>/sheet.txt", sheet.sheet_text, name="sheet-text"),
    path("<int:pk>/undo/", pads.undo, name="undo"),
    path("<int:pk>/redo/", pads.redo, name="redo"),
    path("<int:pk>/pads/<str:pad>/", pads.pad, name="pad"),
]
