"""Pages of asset cards, handovers, titles and the archive."""
