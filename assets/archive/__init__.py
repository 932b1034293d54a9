"""The archive package of a project (R-ARC-01…05): what goes in, what has to be there, how it is written and verified."""
