"""Addresses, files and grids for the tests of a declaration."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.support.lives import PDF


def text(response):
    return response.content.decode()


def at(name, item, *args):
    return reverse(f"web:{name}", args=[item.pk, *args])


def slot_of(item, code):
    return item.slots.get(code=code)


def pdf(name="报告.pdf"):
    return SimpleUploadedFile(name, PDF)


def grid(item, *rows, **more):
    """The fields of the grid: rows of (code, name, declared)."""
    columns = {"code": 0, "name": 1, "declared": 2}
    data = {name: [row[n] for row in rows] for name, n in columns.items()}
    blank = ["" for _ in rows]
    return (
        data
        | {"unit": blank, "quantity": blank, "standard_code": blank, "grid_unit": "wan", "version": item.version}
        | more
    )
