"""Pure rules about models: how versions are compared, how quantities are judged."""
