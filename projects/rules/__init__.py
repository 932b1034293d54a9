"""What the regulations say about a project: pure functions."""
