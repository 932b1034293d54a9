"""Pages of the model base."""
