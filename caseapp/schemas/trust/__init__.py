"""Schemas of the trail."""
