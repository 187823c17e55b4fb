"""What every page and call shares: dispatch, guard, errors, shell, headers."""
