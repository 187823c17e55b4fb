"""Reading what the domains keep beyond any case, named after the domain."""
