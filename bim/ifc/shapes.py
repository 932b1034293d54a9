"""The shapes of a model's products, from the geometry kernel, which runs in a child process that may hang or die.

A hang of one product costs its time limit, a crash costs nothing but that product: the child is ended and another one
goes on behind it.
"""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any

import ifcopenshell
import ifcopenshell.geom
import numpy as np
from numpy.typing import NDArray

from bim.ifc.glb import Colour, Floats, Surface

Ints = NDArray[np.int32]
PLAIN: Colour = (0.8, 0.8, 0.8, 1.0)
SURFACES, SURFACES_AND_CURVES = 1, 2
BATCH = 64  # shapes a message carries at most
SECONDS_BETWEEN_MESSAGES = 0.25
ENDS = 4  # children that may be lost before the rest of a pass is given up
STARTING_SECONDS = 120.0  # until the first shape: the kernel maps the whole file before


@dataclass(frozen=True)
class Kernel:
    """Which library, the processor seconds one product may take, and whether it draws curves and cuts openings out of walls."""

    library: str
    seconds: float
    curves: bool = False
    cuts: bool = True


@dataclass(frozen=True)
class Shape:
    """One product's shape. `surface` is None where the same `geometry` came before."""

    product: int
    matrix: Floats
    geometry: str
    surface: Surface | None


@dataclass(frozen=True)
class Lost:
    """A product the kernel could not deal with: TIMEOUT, CRASHED, or GIVEN_UP after too many of these."""

    product: int
    reason: str


def shapes(model: Any, products: Iterable[int], kernel: Kernel, deadline: float) -> Iterator[Shape | Lost]:
    """Every shape the kernel makes of these products (STEP ids), in its own order, and the products it broke on.

    Products of which it silently makes nothing are not mentioned. At the deadline (of `monotonic`) the rest is Lost.
    """
    waiting = list(products)
    for attempt in range(ENDS):
        if not waiting or monotonic() > deadline:
            break
        # Shapes of a message that was not sent any more would hide which product broke it: from the second on, singly.
        child = _Child(model, waiting, kernel, BATCH if attempt == 0 else 1)
        seen: set[int] = set()
        for shape in child.shapes(deadline):
            seen.add(shape.product)
            yield shape
        if child.reason == "":
            return
        waiting = [product for product in waiting if product not in seen]
        if attempt and waiting:
            blamed = child.blamed(waiting)
            yield Lost(blamed, child.reason)
            waiting.remove(blamed)
    yield from (Lost(product, "GIVEN_UP") for product in waiting)


class _Child:
    """One run of the kernel over the products."""

    def __init__(self, model: Any, products: list[int], kernel: Kernel, batch: int) -> None:
        self.kernel = kernel
        self.reason = ""
        self._order: list[int] = []
        context = multiprocessing.get_context("fork")
        self._inbox, outbox = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(model, products, kernel, batch, outbox), daemon=True)
        self._process.start()
        outbox.close()

    def shapes(self, deadline: float) -> Iterator[Shape]:
        try:
            limit = max(STARTING_SECONDS, self.kernel.seconds)
            while True:
                if not self._has_word(limit, deadline):
                    self.reason = "TIMEOUT"
                    return
                message = self._inbox.recv()
                if message is None:
                    return
                if isinstance(message, tuple):
                    self._order = list(message)
                    continue
                limit = self.kernel.seconds + SECONDS_BETWEEN_MESSAGES
                yield from message
        except EOFError:
            self.reason = "CRASHED"
        finally:
            self._process.kill()
            self._process.join()
            self._inbox.close()

    def _has_word(self, limit: float, deadline: float) -> bool:
        """Whether a message comes before the child has used `limit` seconds of processor time for it."""
        began = self._used()
        while not self._inbox.poll(1.0):
            if monotonic() > deadline or self._used() - began > limit:
                return False
        return True

    def _used(self) -> float:
        """Processor seconds of the child: on a busy machine it has to be given the time it is due."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def blamed(self, waiting: list[int]) -> int:
        """The product it was at: the first in its order of those that did not come behind the last that came."""
        left = set(waiting)
        last = max((at for at, product in enumerate(self._order) if product not in left), default=-1)
        return next((product for product in self._order[last + 1 :] if product in left), waiting[0])


def _work(model: Any, products: list[int], kernel: Kernel, size: int, outbox: Connection) -> None:
    """In the child: sends the order of work, then lists of shapes as they come, then None."""
    included = [model.by_id(product) for product in products]
    library: Any = kernel.library  # the wheel knows more combinations than its type hints
    iterator = ifcopenshell.geom.iterator(_settings(kernel), model, 1, include=included, geometry_library=library)
    if iterator.initialize():
        outbox.send(_order(iterator))
        known: set[str] = set()
        batch: list[Shape] = []
        sent = monotonic()
        while True:
            batch.append(_shape(iterator.get(), known))
            if len(batch) >= size or monotonic() - sent > SECONDS_BETWEEN_MESSAGES:
                outbox.send(batch)
                batch, sent = [], monotonic()
            if not iterator.next():
                break
        outbox.send(batch)
    outbox.send(None)


def _settings(kernel: Kernel) -> Any:
    settings = ifcopenshell.geom.settings()
    settings.set("dimensionality", SURFACES_AND_CURVES if kernel.curves else SURFACES)
    settings.set("disable-opening-subtractions", not kernel.cuts)
    settings.set("no-normals", True)
    return settings


def _order(iterator: Any) -> tuple[int, ...]:
    tasks = ifcopenshell.ifcopenshell_wrapper.iterator.get_task_products(iterator)
    return tuple(product.id() for task in tasks for product in task)


def _shape(element: Any, known: set[str]) -> Shape:
    geometry = element.geometry
    name = geometry.id
    matrix = np.frombuffer(element.transformation_buffer).reshape(4, 4).T
    if name in known:
        return Shape(element.id, matrix, name, None)
    known.add(name)
    return Shape(element.id, matrix, name, _surface(geometry))


def _surface(geometry: Any) -> Surface:
    colours = [_colour(one) for one in np.frombuffer(geometry.colors_buffer).reshape(-1, 4).tolist()]
    materials = np.frombuffer(geometry.material_ids_buffer, np.int32)
    triangles = np.frombuffer(geometry.faces_buffer, np.int32).reshape(-1, 3)
    if len(materials) != len(triangles) or (len(materials) and (materials.min() < 0 or not colours)):
        materials = np.where(materials < 0, len(colours), materials)[: len(triangles)]
        colours.append(PLAIN)
    edges = np.frombuffer(geometry.edges_buffer, np.int32).reshape(-1, 2)
    return Surface(
        corners=np.frombuffer(geometry.verts_buffer).reshape(-1, 3),
        triangles=triangles,
        materials=materials,
        colours=tuple(colours),
        segments=edges if not len(triangles) else edges[:0],
    )


def _colour(rgba: list[float]) -> Colour:
    red, green, blue, opacity = rgba
    return (red, green, blue, opacity)
