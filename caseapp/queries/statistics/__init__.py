"""Measures over true rows (system sessions only) and reading of published cells."""
