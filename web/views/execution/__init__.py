"""Plans, tenders, contracts, works, changes, payments: the pages of a project being built."""
