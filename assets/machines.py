"""The machines of this app, each bound to its table, added to the ones of the works: one page and one address moves all."""

from assets.flows.account import ACCOUNT_FLOW
from assets.flows.handover import BATCH_FLOW, TITLE_FLOW
from assets.handover_policies import may_register_title, may_sign_batch
from assets.models import FinalAccount, HandoverBatch, TitleRecord
from execution.machines import MACHINES
from execution.services.machine import Machine

FINAL_ACCOUNTS = Machine(FinalAccount, ACCOUNT_FLOW, FinalAccount.objects.visible_to)
BATCHES = Machine(HandoverBatch, BATCH_FLOW, HandoverBatch.objects.visible_to, policy=may_sign_batch)
TITLES = Machine(TitleRecord, TITLE_FLOW, TitleRecord.objects.visible_to, "asset.project", may_register_title)

MACHINES["final-account"] = FINAL_ACCOUNTS
MACHINES["handover"] = BATCHES
MACHINES["title"] = TITLES
