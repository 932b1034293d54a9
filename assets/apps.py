from importlib import import_module

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Whatever process runs, a tick among them, what follows from a move or a day is registered."""
        import_module("assets.services.moves")
