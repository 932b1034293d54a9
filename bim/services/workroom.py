"""What the processes that read models may use: memory, time, and a folder."""

from pathlib import Path

from django.conf import settings

from bim.ifc import process


def reading_limits() -> process.Limits:
    return process.Limits(
        memory_mb=settings.BIM_MEMORY_MB,
        cpu_seconds=settings.BIM_CPU_SECONDS,
        wall_seconds=settings.BIM_WALL_SECONDS,
    )


def drawing_limits() -> process.Limits:
    return process.Limits(
        memory_mb=settings.BIM_MEMORY_MB,
        cpu_seconds=settings.BIM_GEOMETRY_SECONDS,
        wall_seconds=settings.BIM_GEOMETRY_SECONDS,
    )


def folder() -> Path:
    """Where these processes may write: beside the data, not on a small /tmp."""
    place = Path(settings.VAR_DIR) / "reading"
    place.mkdir(parents=True, exist_ok=True)
    return place
