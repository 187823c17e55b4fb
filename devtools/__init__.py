"""What developers and CI run; not part of the product."""
