"""What a row's own constraints refuse, as problems like any other."""

from django.core.exceptions import ValidationError

from core.errors import Problem


def row_problems(error: ValidationError) -> list[Problem]:
    """What a model's own check found, each at its field where it has one."""
    if not hasattr(error, "error_dict"):
        return [Problem("invalid", message) for message in error.messages]
    return [
        Problem("invalid", message, "" if name == "__all__" else name)
        for name, messages in error.message_dict.items()
        for message in messages
    ]
