"""Schemas of tables, releases and exports."""
