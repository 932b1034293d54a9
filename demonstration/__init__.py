"""The demonstration: a fictional district whose 87 decided items of 2016–17 are replayed through the real services."""
