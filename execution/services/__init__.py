"""What the system does here; the only writers of these tables."""
