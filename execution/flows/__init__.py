"""One table of moves per machine: where from, where to, by whom, on what conditions (DOMAIN §2.6a)."""
