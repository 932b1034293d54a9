"""Drawn photographs of a building site that grows with the works."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

SIZE = (480, 320)
SKY, GROUND, CONCRETE, SCAFFOLD = (196, 214, 228), (146, 128, 104), (176, 176, 172), (206, 142, 58)


@lru_cache(maxsize=32)
def site_photo(percent: int) -> bytes:
    """A PNG: as many storeys of a building as the works have progressed; the same percent gives the same bytes."""
    picture = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 260, *SIZE), fill=GROUND)
    storeys = max(1, percent * 8 // 100)
    for storey in range(storeys):
        bottom = 260 - storey * 26
        draw.rectangle((120, bottom - 24, 360, bottom - 2), fill=CONCRETE)
        for window in range(6):
            left = 134 + window * 38
            draw.rectangle((left, bottom - 19, left + 20, bottom - 8), fill=SKY)
    if percent < 100:
        for pole in range(7):
            left = 112 + pole * 42
            draw.line((left, 262, left, 250 - storeys * 26), fill=SCAFFOLD, width=3)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
