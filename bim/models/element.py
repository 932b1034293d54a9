"""What was read from a model: the spatial tree, elements, their properties and quantities (SI units)."""

from django.db import models

from bim.models.model import BimModel

HEAD = 64  # characters of a property's value that the index holds


class SpatialNode(models.Model):
    """IfcProject, site, building, storey, space, road, bridge, part … in the order of the tree."""

    model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="spatial_nodes")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    guid = models.CharField(max_length=22)
    ifc_class = models.CharField(max_length=60)
    name = models.CharField(max_length=255, blank=True)
    long_name = models.CharField(max_length=255, blank=True)
    elevation = models.FloatField(null=True, blank=True)
    properties = models.JSONField(default=list, blank=True)
    quantities = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["model", "position"]
        constraints = [models.UniqueConstraint(fields=["model", "guid"], name="spatial_node_once")]

    def __str__(self) -> str:
        return self.name or self.ifc_class


class BimElement(models.Model):
    """One product of the model that is not a spatial node. `is_element` = an instance of IfcElement.

    `shape`: what its shape measures, once it was worked out (bim.ifc.measure): versions of a model are compared by it.
    """

    model = models.ForeignKey(BimModel, on_delete=models.CASCADE, related_name="elements")
    guid = models.CharField(max_length=22, db_index=True)
    ifc_class = models.CharField(max_length=60)
    is_element = models.BooleanField(default=True)
    has_shape = models.BooleanField(default=False)
    predefined_type = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=255, blank=True)
    tag = models.CharField(max_length=255, blank=True)
    type_name = models.CharField(max_length=255, blank=True)
    type_guid = models.CharField(max_length=22, blank=True)
    spatial = models.ForeignKey(SpatialNode, null=True, blank=True, on_delete=models.CASCADE, related_name="elements")
    storey = models.ForeignKey(SpatialNode, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=22, blank=True)
    material = models.CharField(max_length=500, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    z = models.FloatField(null=True, blank=True)
    shape = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["model", "id"]
        constraints = [models.UniqueConstraint(fields=["model", "guid"], name="bim_element_once")]
        indexes = [
            models.Index(fields=["ifc_class", "id"], name="bim_element_class"),
            models.Index(fields=["type_name", "id"], name="bim_element_type"),
            models.Index(fields=["model", "ifc_class", "id"], name="bim_element_model_class"),
            models.Index(fields=["model", "id"], name="bim_element_model"),
            models.Index(fields=["material", "id"], name="bim_element_material"),
        ]

    def __str__(self) -> str:
        return f"{self.ifc_class} {self.name}"


class BimProperty(models.Model):
    """One property of an element, its own or its type's. `head` is the indexed beginning of `value`."""

    element = models.ForeignKey(BimElement, on_delete=models.CASCADE, related_name="properties")
    set_name = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    value = models.TextField(blank=True)
    head = models.CharField(max_length=HEAD, blank=True)
    number = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["element", "id"]
        indexes = [models.Index(fields=["name", "head", "element"], name="bim_property_value")]

    def __str__(self) -> str:
        return f"{self.set_name}.{self.name} = {self.head}"


class BimQuantity(models.Model):
    """One authored quantity in SI units; `unit` is m, m2, m3, kg, s or empty (a count)."""

    element = models.ForeignKey(BimElement, on_delete=models.CASCADE, related_name="quantities")
    set_name = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    value = models.FloatField()
    unit = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["element", "id"]
        indexes = [models.Index(fields=["name", "value", "element"], name="bim_quantity_value")]

    def __str__(self) -> str:
        return f"{self.set_name}.{self.name} = {self.value} {self.unit}"


class ElementClassification(models.Model):
    """A classification reference of an element (own or of its type): system, code, title."""

    element = models.ForeignKey(BimElement, on_delete=models.CASCADE, related_name="classifications")
    system = models.CharField(max_length=255, blank=True)
    code = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering = ["element", "id"]
        indexes = [models.Index(fields=["code", "element"], name="bim_classification_code")]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"
