"""What remains of a project: final account, assets, handover, title, archive."""
