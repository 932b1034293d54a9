"""What every page shows around its content: who acts, where one can go, what waits."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": {}}
