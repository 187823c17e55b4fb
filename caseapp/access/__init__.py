"""Who may see what and do what, all of it: permissions, roles, rows (scope) and verbs (policy)."""
