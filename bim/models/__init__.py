"""The tables of the model base."""

from bim.models.check import CheckFailure, CheckResult, CheckRun, IdsFile
from bim.models.comparison import ComparisonRow, ComparisonRun, ElementPairing
from bim.models.element import BimElement, BimProperty, BimQuantity, ElementClassification, SpatialNode
from bim.models.model import BimModel
from bim.models.topic import BcfComment, BcfTopic, BcfViewpoint

__all__ = [
    "BcfComment",
    "BcfTopic",
    "BcfViewpoint",
    "BimElement",
    "BimModel",
    "BimProperty",
    "BimQuantity",
    "CheckFailure",
    "CheckResult",
    "CheckRun",
    "ComparisonRow",
    "ComparisonRun",
    "ElementClassification",
    "ElementPairing",
    "IdsFile",
    "SpatialNode",
]
