"""A small QR reader for tests, written from the standard (ISO/IEC 18004), not from the encoder under test.

Reads versions 2 to 6 at error correction level M from a picture; corrects nothing: a clean print has no errors.
"""

from collections.abc import Callable

from PIL import Image

ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# version: numbers of data codewords of the blocks at level M
DATA_BLOCKS_M = {2: [28], 3: [44], 4: [32, 32], 5: [43, 43], 6: [27, 27, 27, 27]}
LEVEL_M = 0b00
FORMAT_MASK = 0b101010000010010
QUIET = 4

MASKS: list[Callable[[int, int], bool]] = [
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: (i * j) % 2 + (i * j) % 3 == 0,
    lambda i, j: ((i * j) % 2 + (i * j) % 3) % 2 == 0,
    lambda i, j: ((i + j) % 2 + (i * j) % 3) % 2 == 0,
]


def read_qr(picture: Image.Image) -> str:
    """The text of the one code that fills `picture` up to its quiet zone."""
    return decode(sample(picture.convert("L")))


def sample(picture: Image.Image) -> list[list[bool]]:
    left, top, right, bottom = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    across = _run(picture, left, top + 2) / 7
    count = round((right - left) / across)
    step_x, step_y = (right - left) / count, (bottom - top) / count
    return [
        [
            picture.getpixel((int(left + (column + 0.5) * step_x), int(top + (row + 0.5) * step_y))) < 128
            for column in range(count)
        ]
        for row in range(count)
    ]


def _run(picture: Image.Image, x: int, y: int) -> int:
    length = 0
    while picture.getpixel((x + length, y)) < 128:
        length += 1
    return length


def decode(matrix: list[list[bool]]) -> str:
    size = len(matrix)
    version = (size - 17) // 4
    form = sum(bit << (14 - place) for place, bit in enumerate(_format_bits(matrix))) ^ FORMAT_MASK
    assert form >> 13 == LEVEL_M, "error correction level M expected"
    mask = MASKS[(form >> 10) & 0b111]
    bits = [matrix[i][j] ^ mask(i, j) for i, j in _data_path(size, version)]
    words = [_number(bits[start : start + 8]) for start in range(0, len(bits) - 7, 8)]
    return _text(_deinterleave(words, DATA_BLOCKS_M[version]))


def _format_bits(matrix: list[list[bool]]) -> list[int]:
    places = [(8, j) for j in (0, 1, 2, 3, 4, 5, 7, 8)] + [(i, 8) for i in (7, 5, 4, 3, 2, 1, 0)]
    return [int(matrix[i][j]) for i, j in places]


def _data_path(size: int, version: int):
    """Positions of the data bits: two columns at a time from the right, up and down in turn."""
    upwards = True
    column = size - 1
    while column > 0:
        if column == 6:
            column -= 1
        rows = range(size - 1, -1, -1) if upwards else range(size)
        for row in rows:
            for j in (column, column - 1):
                if not _is_function(row, j, size, version):
                    yield row, j
        upwards = not upwards
        column -= 2


def _is_function(i: int, j: int, size: int, version: int) -> bool:
    finders = (i < 9 and j < 9) or (i < 9 and j >= size - 8) or (i >= size - 8 and j < 9)
    centre = 4 * version + 10
    alignment = abs(i - centre) <= 2 and abs(j - centre) <= 2
    return finders or i == 6 or j == 6 or alignment


def _deinterleave(words: list[int], blocks: list[int]) -> list[int]:
    taken = iter(words)
    parts: list[list[int]] = [[] for _ in blocks]
    for place in range(max(blocks)):
        for part, length in zip(parts, blocks, strict=True):
            if place < length:
                part.append(next(taken))
    return [word for part in parts for word in part]


def _text(words: list[int]) -> str:
    bits = [(word >> (7 - place)) & 1 for word in words for place in range(8)]
    at = 0

    def take(count: int) -> int:
        nonlocal at
        at += count
        return _number(bits[at - count : at])

    text = ""
    while len(bits) - at >= 4 and (mode := take(4)):
        if mode == 0b0100:
            text += bytes(take(8) for _ in range(take(8))).decode("utf-8")
        elif mode == 0b0010:
            length = take(9)
            for _ in range(length // 2):
                pair = take(11)
                text += ALNUM[pair // 45] + ALNUM[pair % 45]
            text += ALNUM[take(6)] if length % 2 else ""
        elif mode == 0b0001:
            length = take(10)
            for _ in range(length // 3):
                text += f"{take(10):03d}"
            text += {0: "", 1: lambda: f"{take(4)}", 2: lambda: f"{take(7):02d}"}[length % 3]() if length % 3 else ""
        else:
            raise AssertionError(f"unknown mode {mode:04b}")
    return text


def _number(bits) -> int:
    value = 0
    for bit in bits:
        value = value << 1 | int(bit)
    return value
