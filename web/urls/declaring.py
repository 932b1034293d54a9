"""Opening an item, filling in its declaration, and the files of its materials."""

from django.urls import path

from web.views.declaring.basics import item_edit
from web.views.declaring.corrections import defect_answer
from web.views.declaring.cost_sheet import costs_export, costs_import, costs_template
from web.views.declaring.costs import costs_save, costs_seed
from web.views.declaring.material_file import material
from web.views.declaring.materials import material_reason, material_upload
from web.views.declaring.moves import declaration_move
from web.views.declaring.new import item_new

urlpatterns = [
    path("projects/<int:pk>/items/new/", item_new, name="item_new"),
    path("items/<int:pk>/edit/", item_edit, name="item_edit"),
    path("items/<int:pk>/edit/costs/", costs_save, name="costs_save"),
    path("items/<int:pk>/edit/costs/seed/", costs_seed, name="costs_seed"),
    path("items/<int:pk>/edit/costs/import/", costs_import, name="costs_import"),
    path("items/<int:pk>/edit/costs/template/", costs_template, name="costs_template"),
    path("items/<int:pk>/edit/costs/export/", costs_export, name="costs_export"),
    path("items/<int:pk>/edit/materials/<int:slot>/", material_upload, name="material_upload"),
    path("items/<int:pk>/edit/materials/<int:slot>/reason/", material_reason, name="material_reason"),
    path("items/<int:pk>/edit/defects/<int:defect>/", defect_answer, name="defect_answer"),
    path("items/<int:pk>/edit/moves/<slug:move>/", declaration_move, name="declaration_move"),
    path("materials/<int:pk>/", material, name="material"),
]
