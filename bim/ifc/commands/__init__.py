"""What the reading process can do, one module a command: `arguments(parser)` and `run(options)`, which returns the summary."""
