"""The pages of an approval item."""

from django.urls import path

from web.views.items.deadline import item_deadline
from web.views.items.document import document
from web.views.items.mine import items
from web.views.items.moving import item_move
from web.views.items.objections import item_objection, item_objection_answer
from web.views.items.page import item
from web.views.items.quantities import item_quantities, item_quantities_act
from web.views.items.reviewing import item_comment, item_review

urlpatterns = [
    path("items/", items, name="items"),
    path("items/<int:pk>/", item, name="item"),
    path("items/<int:pk>/moves/<slug:move>/", item_move, name="item_move"),
    path("items/<int:pk>/review/", item_review, name="item_review"),
    path("items/<int:pk>/materials/<int:slot>/comment/", item_comment, name="item_comment"),
    path("items/<int:pk>/objections/", item_objection, name="item_objection"),
    path("items/<int:pk>/objections/<int:objection>/answer/", item_objection_answer, name="item_objection_answer"),
    path("items/<int:pk>/quantities/", item_quantities, name="item_quantities"),
    path("items/<int:pk>/quantities/<slug:act>/", item_quantities_act, name="item_quantities_act"),
    path("items/<int:pk>/deadline/", item_deadline, name="item_deadline"),
    path("documents/<int:pk>/", document, name="document"),
]
