"""The machines of this app, each bound to its table, added to the ones of the works: one page and one address moves all."""

from assets.flows.account import ACCOUNT_FLOW
from assets.models import FinalAccount
from execution.machines import MACHINES
from execution.services.machine import Machine

FINAL_ACCOUNTS = Machine(FinalAccount, ACCOUNT_FLOW, FinalAccount.objects.visible_to)

MACHINES["final-account"] = FINAL_ACCOUNTS
