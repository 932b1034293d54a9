"""The door for every move of the machines of this app: what each one entails is registered by importing its room."""

from execution.machines import MACHINES
from execution.services import audits, changes, contracts, payments, plan_funds, plan_requests, plans, progress, tenders

ROOMS = (audits, changes, contracts, payments, plan_funds, plan_requests, plans, progress, tenders)
__all__ = ["MACHINES", "ROOMS"]
