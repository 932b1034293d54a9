"""The file of a model as it was handed in."""

from io import BufferedReader

from django.utils.translation import gettext as _

from bim.models import BimModel
from core import files
from core.errors import Problem, RuleViolation


def opened(model: BimModel) -> BufferedReader:
    """Its bytes. Raises RuleViolation where they are gone or no longer have their hash: such bytes are never given out."""
    if not files.is_intact(model.file):
        message = _("The stored file is not what was uploaded. Please tell the system administrator.")
        raise RuleViolation([Problem("file.changed", message)])
    return files.open_stored(model.file)
