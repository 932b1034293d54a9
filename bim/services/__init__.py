"""What the system does with models; the only writers of their tables."""
