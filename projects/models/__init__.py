"""The project, its life, its search index."""

from projects.models.life import CodeEntry, ControlFigure, GateOpening, ProjectFacts, ProjectStage, Suspension
from projects.models.project import Project, ProjectAccess, ProjectFunding
from projects.models.search import SearchGram, SearchText

__all__ = [
    "CodeEntry",
    "ControlFigure",
    "GateOpening",
    "Project",
    "ProjectAccess",
    "ProjectFacts",
    "ProjectFunding",
    "ProjectStage",
    "SearchGram",
    "SearchText",
    "Suspension",
]
