from django.apps import AppConfig


class BimConfig(AppConfig):
    name = "bim"
    default_auto_field = "django.db.models.BigAutoField"
