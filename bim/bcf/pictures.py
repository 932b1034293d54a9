"""What a picture is, by how its bytes begin."""

PNG, JPG = "png", "jpg"
MAGIC = {PNG: b"\x89PNG\r\n\x1a\n", JPG: b"\xff\xd8\xff"}


def picture_kind(content: bytes) -> str:
    """png, jpg, or empty where it is neither."""
    return next((kind for kind, magic in MAGIC.items() if content.startswith(magic)), "")
