"""R-FA-04: the deferred costs of an account, written on the assets that bear them."""

from decimal import Decimal

from django.db.models import Q

from assets import holdings
from assets.models import Asset, FinalAccount
from assets.rules.spread import Bearer, deferred_shares
from assets.states import AccountState
from core.money import ZERO


def spread_costs(account: FinalAccount) -> Decimal:
    """Writes `allocated` on every asset of the account; the parts add up to the deferred costs to the fen.

    What belongs to the account of a single project bears that account's costs (R-FA-08); the rest bears the rest.
    """
    rows = list(account.project.final_accounts.exclude(part=""))
    drafts = [row for row in rows if row.state == AccountState.DRAFT]
    for part in [account] if account.part else drafts:
        _spread_over(part, holdings.forms_of(part).amount("06.total.amount"), Q(single_project=part.part))
    whole = account.project.final_accounts.filter(part="", state=AccountState.DRAFT).first()
    if whole is not None:
        borne = Q(single_project__in=[row.part for row in rows])
        fixed = sum((row.allocated for row in account.project.assets.filter(borne)), ZERO)
        _spread_over(whole, holdings.forms_of(whole).amount("06.total.amount") - fixed, ~borne)
    return holdings.forms_of(account).amount("06.total.amount")


def _spread_over(account: FinalAccount, amount: Decimal, which: Q) -> None:
    rows = list(Asset.objects.filter(which, project=account.project).order_by("no", "pk"))
    bearers = [Bearer(row.kind, row.asset_class, row.direct, row.installation, row.shares_deferred) for row in rows]
    for row, share in zip(rows, deferred_shares(amount, bearers), strict=True):
        row.allocated, row.account = share, account
    Asset.objects.bulk_update(rows, ["allocated", "account"])
