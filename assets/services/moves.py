"""The door for every move of the machines of this app: what each one entails is registered by importing its room."""

from assets.services import accounts, declaring
from execution.services.moves import MACHINES

ROOMS = (accounts, declaring)
__all__ = ["MACHINES", "ROOMS"]
