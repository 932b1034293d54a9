"""Writes what was read from a model into the tables, in batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bim.ifc.records import ElementRow, Header, SpatialRow, Summary
from bim.models import BimElement, BimModel, BimProperty, BimQuantity, ElementClassification, SpatialNode
from bim.models.element import HEAD

BATCH = 500  # elements a transaction
ROWS = 2000  # rows a statement


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


class Keeper:
    """Adds rows to one model. Ids of the spatial nodes are remembered between batches."""

    def __init__(self, model_id: int) -> None:
        self._model_id = model_id
        self._nodes: dict[str, int] = {}
        self.n_rows = 0
        self.summary = Summary()

    def clear(self) -> None:
        """Removes whatever an earlier attempt kept."""
        mine = {"element__model_id": self._model_id}
        for table in (BimProperty, BimQuantity, ElementClassification):
            _delete(table.objects.filter(**mine))
        _delete(BimElement.objects.filter(model_id=self._model_id))
        SpatialNode.objects.filter(model_id=self._model_id).update(parent=None)
        _delete(SpatialNode.objects.filter(model_id=self._model_id))

    def add(self, rows: list[Any]) -> None:
        self._add_nodes([row for row in rows if isinstance(row, SpatialRow)])
        self._add_elements([row for row in rows if isinstance(row, ElementRow)])
        for row in rows:
            if isinstance(row, Summary):
                self.summary = row
        self.n_rows += len(rows)

    def _add_nodes(self, rows: list[SpatialRow]) -> None:
        """Parents come before their children, but not always in an earlier statement: one by one."""
        for position, row in enumerate(rows, len(self._nodes)):
            node = SpatialNode.objects.create(
                model_id=self._model_id,
                parent_id=self._nodes.get(row.parent),
                position=position,
                guid=row.guid,
                ifc_class=row.ifc_class,
                name=row.name[:255],
                long_name=row.long_name[:255],
                elevation=row.elevation,
                properties=[list(one) for one in row.properties],
                quantities=[list(one) for one in row.quantities],
            )
            self._nodes[row.guid] = node.pk

    def _add_elements(self, rows: list[ElementRow]) -> None:
        made = BimElement.objects.bulk_create([self._element(row) for row in rows], batch_size=ROWS)
        pairs = list(zip(made, rows, strict=True))
        BimProperty.objects.bulk_create(
            (
                BimProperty(
                    element_id=element.pk,
                    set_name=one.set_name[:255],
                    name=one.name[:255],
                    value=one.value,
                    head=one.value[:HEAD],
                    number=one.number,
                    unit=one.unit[:40],
                )
                for element, row in pairs
                for one in row.properties
            ),
            batch_size=ROWS,
        )
        BimQuantity.objects.bulk_create(
            (
                BimQuantity(
                    element_id=element.pk,
                    set_name=one.set_name[:255],
                    name=one.name[:255],
                    value=one.value,
                    unit=one.unit,
                )
                for element, row in pairs
                for one in row.quantities
            ),
            batch_size=ROWS,
        )
        ElementClassification.objects.bulk_create(
            (
                ElementClassification(element_id=element.pk, system=system[:255], code=code[:255], title=title[:255])
                for element, row in pairs
                for system, code, title in row.classifications
            ),
            batch_size=ROWS,
        )

    def _element(self, row: ElementRow) -> BimElement:
        x, y, z = row.at or (None, None, None)
        return BimElement(
            model_id=self._model_id,
            guid=row.guid,
            ifc_class=row.ifc_class,
            is_element=row.is_element,
            has_shape=row.has_shape,
            predefined_type=row.predefined_type[:60],
            name=row.name[:255],
            tag=row.tag[:255],
            type_name=row.type_name[:255],
            type_guid=row.type_guid[:22],
            spatial_id=self._nodes.get(row.spatial),
            storey_id=self._nodes.get(row.storey),
            host=row.host,
            material="; ".join(row.materials)[:500],
            x=x,
            y=y,
            z=z,
        )


def describe(model: BimModel, header: Header, summary: Summary) -> None:
    """Writes what the file says of itself, and what was counted, on the model; does not save it."""
    model.ifc_schema = header.schema[:20]
    model.application = header.application[:200]
    model.author = header.author[:200]
    model.authored_at = header.timestamp[:40]
    model.encoding = header.encoding
    model.units = header.units
    model.georeference = header.georeference
    model.project_name = header.project_name[:255]
    model.n_elements = summary.elements
    model.n_storeys = summary.storeys
    model.by_class = summary.by_class
    model.warnings = [{"code": reason.code, "facts": reason.facts} for reason in summary.warnings]


def _delete(rows: Any) -> None:
    rows._raw_delete(rows.db)
