"""One table of moves per machine of the closing half of a project's life."""
