"""The door for every move of the machines of this app: what each one entails is registered by importing its room."""

from assets.services import account_moves, account_notices, accounts, batches, declaring, key_people, titles
from execution.services.moves import MACHINES

ROOMS = (account_moves, account_notices, accounts, batches, declaring, key_people, titles)
__all__ = ["MACHINES", "ROOMS"]
