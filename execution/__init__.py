"""From the annual plan to the settlement: plans, tenders, contracts, works, changes, payments, acceptance."""
