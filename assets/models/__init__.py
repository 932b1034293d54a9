"""The tables of what remains of a project."""

from assets.models.account import AccountCell, DeferredCost, FinalAccount, TailWorks
from assets.models.asset import ArchivePackage, Asset, AssetElement, HandoverBatch, HandoverLine, TitleRecord

__all__ = [
    "AccountCell",
    "ArchivePackage",
    "Asset",
    "AssetElement",
    "DeferredCost",
    "FinalAccount",
    "HandoverBatch",
    "HandoverLine",
    "TailWorks",
    "TitleRecord",
]
